package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Calls that move nothing. */
final class Meetings {
  private Meetings() {}

  /** Counts the ranks that have come: nobody leaves before all have. */
  record BarrierCall(AtomicInteger come) implements CheckedCall {
    BarrierCall() {
      this(new AtomicInteger());
    }

    @Override
    public void run(Communicator rank) {
      come.incrementAndGet();
      rank.barrier();
      if (come.get() != rank.size()) {
        throw new IllegalStateException(
            "a barrier is wrong: come=" + come.get() + " ranks=" + rank.size());
      }
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return 0;
    }
  }

  /** Splits the group, at random, and makes a call in each part: the one of its color. */
  record SplitCall(Operands x, List<CheckedCall> calls) implements CheckedCall {
    private static final int KEYS = 4; // few, so that some are equal

    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int[] members = members(me, rank.size());
      Communicator part = rank.split(color(me), key(me));
      if (part.size() != members.length || members[part.rank()] != me) {
        throw new IllegalStateException(
            "a split is wrong: rank=%d of %d, expected %d members"
                .formatted(part.rank(), part.size(), members.length));
      }
      calls.get(color(me)).run(part);
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      int[] members = members(rank, ranks);
      int member = 0;
      while (members[member] != rank) {
        member++;
      }
      return calls.get(color(rank)).sentBytes(algorithms, member, members.length);
    }

    private int[] members(int of, int ranks) {
      return IntStream.range(0, ranks)
          .filter(peer -> color(peer) == color(of))
          .boxed()
          .sorted(Comparator.comparingInt(this::key))
          .mapToInt(Integer::intValue)
          .toArray();
    }

    private int color(int rank) {
      return x.number(rank, 0, calls.size());
    }

    private int key(int rank) {
      return x.number(rank, 1, KEYS);
    }
  }
}
