package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Channel;
import dev.shardmark.collectives.channel.Port;
import dev.shardmark.collectives.channel.Slots;
import java.util.Arrays;
import java.util.Objects;

/** What the ranks of one group share: windows on their buffers, and a channel for each pair. */
final class Fabric {
  /** References per 128 bytes, however wide they are. */
  private static final int STRIDE = 32;

  private static final int OFFSET = 1;
  private static final int CALL = 2;
  private static final int OPENED = 3;

  private final int[] world;
  private final Transport transport;
  private final Algorithms algorithms;
  private final Port[] ports;
  private final Object[] windows;
  private final Channel[][] channels;
  private final Calls calls;
  private final Offers offers;
  private final Fabric whole; // this, or what it is part of
  private final int repairsBefore;
  private int repairs; // of the whole

  /** By rank: the flag counts synchronisations, the words describe the rank's window. */
  private final Slots slots;

  /** Of all ranks there are. */
  Fabric(int ranks, Transport transport, Algorithms algorithms) {
    this(all(ranks), transport, algorithms, ports(ranks, transport), null);
  }

  private Fabric(
      int[] world, Transport transport, Algorithms algorithms, Port[] ports, Fabric whole) {
    int ranks = world.length;
    this.whole = whole == null ? this : whole;
    repairsBefore = this.whole.repairs;
    this.world = world;
    this.transport = transport;
    this.algorithms = algorithms;
    this.ports = ports;
    windows = new Object[ranks * STRIDE];
    channels = new Channel[ranks][ranks];
    calls = new Calls(ranks);
    offers = new Offers(ranks);
    slots = new Slots(ranks);
    for (int from = 0; from < ranks; from++) {
      for (int to = 0; to < ranks; to++) {
        channels[from][to] =
            from == to
                ? null
                : new Channel(world[from], world[to], transport.copies(), ports[from]);
      }
    }
  }

  private static int[] all(int ranks) {
    int[] world = new int[ranks];
    Arrays.setAll(world, rank -> rank);
    return world;
  }

  private static Port[] ports(int ranks, Transport transport) {
    Port[] ports = new Port[ranks];
    Arrays.setAll(
        ports, rank -> transport.links().map(links -> new Port(links, rank)).orElse(null));
    return ports;
  }

  /** The fabric of a part of these ranks. */
  Fabric of(int[] members) {
    int[] names = Arrays.stream(members).map(member -> world[member]).toArray();
    Port[] theirs = Arrays.stream(members).mapToObj(member -> ports[member]).toArray(Port[]::new);
    return new Fabric(names, transport, algorithms, theirs, whole);
  }

  int ranks() {
    return world.length;
  }

  /** What each rank is called in messages: its number among all there are. */
  int[] world() {
    return world;
  }

  Transport transport() {
    return transport;
  }

  Algorithms algorithms() {
    return algorithms;
  }

  Calls calls() {
    return calls;
  }

  Offers offers() {
    return offers;
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
  void open(int rank, Object window, int offset, long call) {
    if (windows[rank * STRIDE] != window) {
      windows[rank * STRIDE] = window;
    }
    slots.setWord(rank, OFFSET, offset);
    slots.setWord(rank, CALL, call);
    slots.setWord(rank, OPENED, slots.flag(rank) + 1);
  }

  Object window(int rank) {
    return windows[rank * STRIDE];
  }

  int windowOffset(int rank) {
    return (int) slots.word(rank, OFFSET);
  }

  /** The call for which the rank opened its window. */
  long windowCall(int rank) {
    return slots.word(rank, CALL);
  }

  /** Did the rank open its window for this synchronisation, not for an earlier one? */
  boolean opened(int rank, long synchronisation) {
    return slots.word(rank, OPENED) == synchronisation;
  }

  /** Was this split off before a failure, whose messages may still be under way in it? */
  boolean isStale() {
    return this != whole && repairsBefore != whole.repairs;
  }

  /** As new, while no rank runs; for the whole, and parts of it become stale. */
  void reset() {
    repairs++;
    Arrays.fill(windows, null);
    slots.reset();
    calls.reset();
    offers.reset();
    Arrays.stream(ports).filter(Objects::nonNull).forEach(Port::reset);
    for (Channel[] row : channels) {
      for (Channel channel : row) {
        if (channel != null) {
          channel.reset();
        }
      }
    }
  }
}
