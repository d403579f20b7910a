package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.ReduceOp;

/** Calls that combine elements. */
final class Reductions {
  private static final int START = GuardedBuffer.START;

  private Reductions() {}

  record AllReduceCall(Operands x, int length, ReduceOp op, boolean inPlace)
      implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      GuardedBuffer in = x.of(me, length);
      GuardedBuffer out = inPlace ? in : new GuardedBuffer(length);
      if (inPlace) {
        rank.allReduce(in.data(), START, length, op);
      } else {
        rank.allReduce(in.data(), START, out.data(), START, length, op);
        in.verify("operand", i -> x.element(me, i));
      }
      out.verify("result", i -> x.combined(op, rank.size(), i));
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return algorithms.allReduce().traffic(ranks, length).sentBytes().get(rank);
    }
  }

  record Bf16AllReduceCall(Operands x, int length, ReduceOp op) implements CheckedCall {
    /** The upper half of an fp32 guard. */
    private static final short GUARD = 0x7fc1;

    @Override
    public void run(Communicator rank) {
      short[] data = new short[length + 2];
      data[0] = GUARD;
      data[length + 1] = GUARD;
      for (int i = 0; i < length; i++) {
        data[1 + i] = bf16(x.element(rank.rank(), i) % Operands.BF16_VALUES);
      }
      rank.allReduce(data, 1, length, op);
      for (int i = -1; i <= length; i++) {
        boolean guard = i < 0 || i == length;
        short expected = guard ? GUARD : bf16(x.combined(op, rank.size(), i, Operands.BF16_VALUES));
        if (data[1 + i] != expected) {
          throw new IllegalStateException(
              "result is wrong: element=" + i + " bits=" + data[1 + i] + " expected=" + expected);
        }
      }
    }

    /** Of half the bytes that fp32 has. */
    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return algorithms.allReduce().traffic(ranks, length).sentBytes().get(rank)
          / Float.BYTES
          * Short.BYTES;
    }

    /** Exact: the numbers have at most 8 bits. */
    private static short bf16(float number) {
      return (short) (Float.floatToRawIntBits(number) >>> Short.SIZE);
    }
  }

  record ReduceCall(Operands x, int length, ReduceOp op, int anyRoot) implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int root = anyRoot % rank.size();
      GuardedBuffer buffer = x.of(me, length);
      rank.reduce(buffer.data(), START, length, op, root);
      buffer.verify("result", i -> me == root ? x.combined(op, rank.size(), i) : x.element(me, i));
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return algorithms.reduce().traffic(ranks, length, anyRoot % ranks).sentBytes().get(rank);
    }
  }

  record ReduceScatterCall(Operands x, int length, ReduceOp op, boolean inPlace)
      implements CheckedCall {
    @Override
    public void run(Communicator rank) {
      int me = rank.rank();
      int p = rank.size();
      int start = Chunks.start(length, me, p);
      int end = Chunks.start(length, me + 1, p);
      GuardedBuffer in = x.of(me, length);
      GuardedBuffer out = inPlace ? in : new GuardedBuffer(end - start);
      rank.reduceScatter(in.data(), START, out.data(), inPlace ? START + start : START, length, op);
      if (inPlace) {
        in.verify("result", i -> i >= start && i < end ? x.combined(op, p, i) : x.element(me, i));
      } else {
        in.verify("operand", i -> x.element(me, i));
        out.verify("result", i -> x.combined(op, p, start + i));
      }
    }

    @Override
    public long sentBytes(Algorithms algorithms, int rank, int ranks) {
      return algorithms.reduceScatter().traffic(ranks, length).sentBytes().get(rank);
    }
  }
}
