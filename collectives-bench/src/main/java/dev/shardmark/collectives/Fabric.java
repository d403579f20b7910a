package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Channel;
import dev.shardmark.collectives.channel.Slots;
import java.util.Arrays;

/** What the ranks of one group share: windows on their buffers, and a channel for each pair. */
final class Fabric {
  /** References per 128 bytes, however wide they are. */
  private static final int STRIDE = 32;

  private static final int OFFSET = 1;
  private static final int LENGTH = 2;
  private static final int OPENED = 3;

  private final int ranks;
  private final float[][] windows;
  private final Channel[][] channels;

  /** By rank: the flag counts synchronisations, the words describe the rank's window. */
  private final Slots slots;

  Fabric(int ranks) {
    this.ranks = ranks;
    windows = new float[ranks * STRIDE][];
    channels = new Channel[ranks][ranks];
    slots = new Slots(ranks);
    for (int from = 0; from < ranks; from++) {
      for (int to = 0; to < ranks; to++) {
        channels[from][to] = from == to ? null : new Channel(from, to);
      }
    }
  }

  int ranks() {
    return ranks;
  }

  Slots slots() {
    return slots;
  }

  Channel channel(int from, int to) {
    if (from == to) {
      throw new IllegalArgumentException("a rank must not be its own peer: rank=" + from);
    }
    return channels[from][to];
  }

  /** Opens a window that the rank's next synchronisation publishes. */
  void open(int rank, float[] buffer, int offset, int length) {
    if (windows[rank * STRIDE] != buffer) {
      windows[rank * STRIDE] = buffer;
    }
    slots.setWord(rank, OFFSET, offset);
    slots.setWord(rank, LENGTH, length);
    slots.setWord(rank, OPENED, slots.flag(rank) + 1);
  }

  float[] window(int rank) {
    return windows[rank * STRIDE];
  }

  int windowOffset(int rank) {
    return (int) slots.word(rank, OFFSET);
  }

  int windowLength(int rank) {
    return (int) slots.word(rank, LENGTH);
  }

  /** Did the rank open its window for this synchronisation, not for an earlier one? */
  boolean opened(int rank, long synchronisation) {
    return slots.word(rank, OPENED) == synchronisation;
  }

  /** As new, while no rank runs. */
  void reset() {
    Arrays.fill(windows, null);
    slots.reset();
    for (Channel[] row : channels) {
      for (Channel channel : row) {
        if (channel != null) {
          channel.reset();
        }
      }
    }
  }
}
