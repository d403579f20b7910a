package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.soak.Meetings.BarrierCall;
import dev.shardmark.collectives.soak.Meetings.SplitCall;
import dev.shardmark.collectives.soak.Moves.AllGatherCall;
import dev.shardmark.collectives.soak.Moves.AllToAllCall;
import dev.shardmark.collectives.soak.Moves.AllToAllVCall;
import dev.shardmark.collectives.soak.Moves.BroadcastCall;
import dev.shardmark.collectives.soak.Moves.SendCall;
import dev.shardmark.collectives.soak.Moves.SendReceiveCall;
import dev.shardmark.collectives.soak.Reductions.AllReduceCall;
import dev.shardmark.collectives.soak.Reductions.Bf16AllReduceCall;
import dev.shardmark.collectives.soak.Reductions.ReduceCall;
import dev.shardmark.collectives.soak.Reductions.ReduceScatterCall;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Calls of every collective, at random. */
final class RandomCalls {
  /** Most elements of an operand. */
  private static final int MOST = 5_000;

  private static final int MOST_CALLS = 30;
  private static final int MOST_PARTS = 3;

  private final SplittableRandom random;

  RandomCalls(SplittableRandom random) {
    this.random = random;
  }

  /** Some calls, one after another. */
  List<CheckedCall> some() {
    return Stream.generate(this::any).limit(1 + random.nextInt(MOST_CALLS)).toList();
  }

  private CheckedCall any() {
    return random.nextInt(12) == 0
        ? new SplitCall(operands(), Stream.generate(this::one).limit(parts()).toList())
        : one();
  }

  private CheckedCall one() {
    return switch (random.nextInt(11)) {
      case 0 -> new AllReduceCall(operands(), length(), op(), random.nextBoolean());
      case 1 -> new Bf16AllReduceCall(operands(), length(), op());
      case 2 -> new ReduceCall(operands(), length(), op(), rank());
      case 3 -> new ReduceScatterCall(operands(), length(), op(), random.nextBoolean());
      case 4 -> new AllGatherCall(operands(), length(), random.nextBoolean());
      case 5 -> new BroadcastCall(operands(), length(), rank());
      case 6 -> new AllToAllCall(operands(), length());
      case 7 -> new AllToAllVCall(operands(), length() / 8);
      case 8 -> new SendReceiveCall(operands(), length(), rank());
      case 9 -> new SendCall(operands(), length(), rank(), rank());
      default -> new BarrierCall();
    };
  }

  private Operands operands() {
    return new Operands(random.nextInt());
  }

  /** As often none or a few as many. */
  private int length() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3);
      case 1 -> random.nextInt(20);
      case 2 -> random.nextInt(300);
      default -> random.nextInt(MOST + 1);
    };
  }

  private ReduceOp op() {
    return ReduceOp.values()[random.nextInt(ReduceOp.values().length)];
  }

  /** Any number: a call takes it modulo its ranks. */
  private int rank() {
    return random.nextInt(1 << 16);
  }

  private int parts() {
    return 1 + random.nextInt(MOST_PARTS);
  }
}
