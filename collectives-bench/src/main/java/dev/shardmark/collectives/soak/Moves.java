package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.GuardedBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Calls that move elements as they are. */
final class Moves {
  private static final int START = GuardedBuffer.START;

  private Moves() {}

  record BroadcastCall(Operands x, int length, int anyRoot) implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int root = anyRoot % rank.size();
      GuardedBuffer buffer = x.of(rank.rank(), length);
      rank.broadcast(buffer.data(), START, length, root);
      buffer.verify("result", i -> x.element(root, i));
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return algorithms.broadcast().traffic(ranks, length, anyRoot % ranks).sentBytes().get(rank);
    }
  }

  record AllGatherCall(Operands x, int length, boolean inPlace) implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int p = rank.size();
      int start = Chunks.start(length, me, p);
      int mine = Chunks.length(length, me, p);
      GuardedBuffer out = new GuardedBuffer(length);
      GuardedBuffer in = new GuardedBuffer(mine, i -> x.element(me, start + i));
      if (inPlace) {
        System.arraycopy(in.data(), START, out.data(), START + start, mine);
        rank.allGather(out.data(), START + start, out.data(), START, length);
      } else {
        rank.allGather(in.data(), START, out.data(), START, length);
      }
      in.verify("operand", i -> x.element(me, start + i));
      out.verify("result", i -> x.element(owner(i, p), i));
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return algorithms.allGather().traffic(ranks, length).sentBytes().get(rank);
    }

    private int owner(int i, int p) {
      int owner = 0;
      while (Chunks.start(length, owner + 1, p) <= i) {
        owner++;
      }
      return owner;
    }
  }

  record AllToAllCall(Operands x, int length) implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int p = rank.size();
      int start = Chunks.start(length, me, p);
      int mine = Chunks.length(length, me, p);
      GuardedBuffer in = x.of(me, length);
      GuardedBuffer out = new GuardedBuffer(mine * p);
      rank.allToAll(in.data(), START, out.data(), START, length);
      in.verify("operand", i -> x.element(me, i));
      out.verify("result", i -> x.element(i / mine, start + i % mine));
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      int[] row = IntStream.range(0, ranks).map(to -> Chunks.length(length, to, ranks)).toArray();
      int[][] lengths = new int[ranks][];
      Arrays.fill(lengths, row);
      return length == 0 ? 0 : algorithms.allToAll().traffic(lengths).sentBytes().get(rank);
    }
  }

  /** Blocks of up to {@code most} elements, one in three of them empty. */
  record AllToAllVCall(Operands x, int most) implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int p = rank.size();
      int[] sent = IntStream.range(0, p).map(to -> length(me, to)).toArray();
      int[] received = IntStream.range(0, p).map(from -> length(from, me)).toArray();
      GuardedBuffer in = x.of(me, IntStream.of(sent).sum());
      GuardedBuffer out = new GuardedBuffer(IntStream.of(received).sum());
      rank.allToAllV(in.data(), START, sent, out.data(), START, received);
      in.verify("operand", i -> x.element(me, i));
      out.verify("result", i -> expected(received, i, me));
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      int[][] lengths = new int[ranks][ranks];
      for (int from = 0; from < ranks; from++) {
        for (int to = 0; to < ranks; to++) {
          lengths[from][to] = length(from, to);
        }
      }
      return algorithms.allToAll().traffic(lengths).sentBytes().get(rank);
    }

    private int length(int from, int to) {
      return Math.max(0, x.number(from, to, most + most / 2 + 1) - most / 2);
    }

    private int expected(int[] received, int i, int me) {
      int from = 0;
      int inBlock = i;
      while (inBlock >= received[from]) {
        inBlock -= received[from];
        from++;
      }
      int sender = from;
      int start = IntStream.range(0, me).map(to -> length(sender, to)).sum();
      return x.element(sender, start + inBlock);
    }
  }

  /** Every rank sends to one and receives from one. */
  record SendReceiveCall(Operands x, int length, int anyShift) implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int p = rank.size();
      if (p == 1) {
        return;
      }
      int shift = 1 + anyShift % (p - 1);
      int to = (me + shift) % p;
      int from = (me + p - shift) % p;
      GuardedBuffer out = x.of(me, length(to));
      GuardedBuffer in = new GuardedBuffer(length(me));
      rank.sendReceive(to, out.data(), START, out.length(), from, in.data(), START, in.length());
      out.verify("operand", i -> x.element(me, i));
      in.verify("result", i -> x.element(from, i));
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return ranks == 1
          ? 0
          : (long) Float.BYTES * length((rank + 1 + anyShift % (ranks - 1)) % ranks);
    }

    private int length(int receiver) {
      return length / (1 + receiver);
    }
  }

  /** One rank sends, another receives. */
  record SendCall(Operands x, int length, int anySender, int anyShift) implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int p = rank.size();
      int from = anySender % p;
      if (p == 1) {
        return;
      }
      int to = (from + 1 + anyShift % (p - 1)) % p;
      if (me == from) {
        GuardedBuffer out = x.of(me, length);
        rank.send(to, out.data(), START, length);
        out.verify("operand", i -> x.element(me, i));
      } else if (me == to) {
        GuardedBuffer in = new GuardedBuffer(length);
        rank.receive(from, in.data(), START, length);
        in.verify("result", i -> x.element(from, i));
      }
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return ranks > 1 && rank == anySender % ranks ? (long) Float.BYTES * length : 0;
    }
  }
}
