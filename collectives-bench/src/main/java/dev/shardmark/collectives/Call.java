package dev.shardmark.collectives;

/**
 * One call of a collective in a {@code long}: what all ranks must agree on. From the lowest bits:
 * length (32), root (16), {@link ReduceOp} or none (4), bytes of an element (4), {@link Operation}.
 */
final class Call {
  private static final int ROOT = 32;
  private static final int OP = 48;
  private static final int BYTES = 52;
  private static final int OPERATION = 56;

  private Call() {}

  /** A call without a reduction and without a root. */
  static long of(Operation operation, int bytesEach, int length) {
    return of(operation, bytesEach, length, null, 0);
  }

  static long of(Operation operation, int bytesEach, int length, ReduceOp op, int root) {
    long reduction = op == null ? 0 : op.ordinal() + 1;
    return (long) operation.ordinal() << OPERATION
        | (long) bytesEach << BYTES
        | reduction << OP
        | (long) root << ROOT
        | length;
  }

  /** One clause: {@code all_reduce(sum) of 8 fp32}. */
  static String words(long call) {
    Operation operation = Operation.values()[(int) (call >>> OPERATION)];
    int op = (int) (call >>> OP) & 0xf;
    int bytes = (int) (call >>> BYTES) & 0xf;
    if (operation == Operation.SEND) {
      return "send or receive";
    }
    StringBuilder words = new StringBuilder(operation.parameter());
    if (op > 0) {
      words.append('(').append(ReduceOp.values()[op - 1].parameter()).append(')');
    }
    if (bytes > 0) {
      words.append(" of ");
      if (operation != Operation.ALL_TO_ALL_V) { // there, each rank has lengths of its own
        words.append((int) call).append(' ');
      }
      words.append(bytes == Float.BYTES ? "fp32" : "bf16");
    }
    if (operation == Operation.BROADCAST || operation == Operation.REDUCE) {
      words.append(" with root ").append((int) (call >>> ROOT) & 0xffff);
    }
    return words.toString();
  }

  /** What to throw when two ranks make different calls. */
  static IllegalArgumentException disagreement(int rank, long call, int peer, long peerCall) {
    return new IllegalArgumentException(
        "ranks must call the same collective: rank "
            + rank
            + " calls "
            + words(call)
            + ", rank "
            + peer
            + " "
            + words(peerCall));
  }
}
