package dev.shardmark.parallel.data;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.ReduceOp;

/**
 * Replicas that share experts, pass by pass.
 *
 * <p>A replica of a dense model needs nobody. With experts dealt over the replicas, every pass of
 * one sends tokens to the experts of all others, and these must call the same exchange: a replica
 * without a request makes an empty pass, until no replica has any. So data parallelism that costs 0
 * bytes with a dense model costs two exchanges a layer here, and one all-reduce of an element a
 * pass, to learn whether anybody goes on.
 *
 * <p><b>Threading</b> the thread of the rank; all ranks call together. Nothing is allocated from
 * the second call on.
 */
public final class LockStep {
  private final Communicator data;
  private final float[] pending = new float[1];

  /** What a replica has to do. */
  public interface Replica {
    /** Whether a request is left. */
    boolean isPending();

    /** One pass of the model; without a token if no request is left. */
    void pass();
  }

  public LockStep(Communicator data) {
    this.data = data;
  }

  /** Passes until no replica has a request left; returns how many. */
  public int run(Replica replica) {
    int passes = 0;
    while (isAnyPending(replica)) {
      replica.pass();
      passes++;
    }
    return passes;
  }

  private boolean isAnyPending(Replica replica) {
    pending[0] = replica.isPending() ? 1 : 0;
    data.allReduce(pending, 0, 1, ReduceOp.MAX);
    return pending[0] > 0;
  }

  /** All-reduces of one element that a run of so many passes makes. */
  public static long allReduces(int passes) {
    return passes + 1L;
  }
}
