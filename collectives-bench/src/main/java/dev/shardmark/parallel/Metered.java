package dev.shardmark.parallel;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;

/**
 * A communicator that keeps a ledger: what a rank says on behalf of one axis, and how long it
 * takes.
 *
 * <p>Bytes are those the transport of this process counted; over a library that does not count they
 * stay 0.
 */
public final class Metered implements Communicator {
  private final Communicator communicator;
  private final Axis axis;
  private final Meter meter;
  private long waitedNs;
  private long startNs;
  private long sentBefore;

  public Metered(Communicator communicator, Axis axis, Meter meter) {
    this.communicator = communicator;
    this.axis = axis;
    this.meter = meter;
  }

  /** Point-to-point calls meet nobody but their peer: their waiting is part of their time. */
  private void begin(Operation operation) {
    waitedNs = 0;
    if (meter.separatesWaiting() && operation != Operation.SEND && operation != Operation.BARRIER) {
      long arrivedNs = System.nanoTime();
      communicator.barrier();
      waitedNs = System.nanoTime() - arrivedNs;
    }
    sentBefore = sentBytes();
    startNs = System.nanoTime();
  }

  private void end(Operation operation) {
    long ns = System.nanoTime() - startNs;
    meter.communicated(axis, operation, sentBytes() - sentBefore, waitedNs, ns);
  }

  private long sentBytes() {
    return communicator instanceof Rank rank ? rank.sentBytes() : 0;
  }

  @Override
  public int rank() {
    return communicator.rank();
  }

  @Override
  public int size() {
    return communicator.size();
  }

  /** Part of the same ledger. */
  @Override
  public Communicator split(int color, int key) {
    return new Metered(communicator.split(color, key), axis, meter);
  }

  @Override
  public void barrier() {
    begin(Operation.BARRIER);
    communicator.barrier();
    end(Operation.BARRIER);
  }

  @Override
  public void send(int to, float[] buffer, int offset, int length) {
    begin(Operation.SEND);
    communicator.send(to, buffer, offset, length);
    end(Operation.SEND);
  }

  @Override
  public void receive(int from, float[] buffer, int offset, int length) {
    begin(Operation.SEND);
    communicator.receive(from, buffer, offset, length);
    end(Operation.SEND);
  }

  @Override
  public void sendReceive(
      int to, float[] out, int outAt, int outLength, int from, float[] in, int inAt, int inLength) {
    begin(Operation.SEND);
    communicator.sendReceive(to, out, outAt, outLength, from, in, inAt, inLength);
    end(Operation.SEND);
  }

  @Override
  public void allReduce(float[] buffer, int offset, int length, ReduceOp op) {
    begin(Operation.ALL_REDUCE);
    communicator.allReduce(buffer, offset, length, op);
    end(Operation.ALL_REDUCE);
  }

  @Override
  public void allReduce(short[] buffer, int offset, int length, ReduceOp op) {
    begin(Operation.ALL_REDUCE);
    communicator.allReduce(buffer, offset, length, op);
    end(Operation.ALL_REDUCE);
  }

  @Override
  public void allReduce(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    begin(Operation.ALL_REDUCE);
    communicator.allReduce(in, inAt, out, outAt, length, op);
    end(Operation.ALL_REDUCE);
  }

  @Override
  public void reduce(float[] buffer, int offset, int length, ReduceOp op, int root) {
    begin(Operation.REDUCE);
    communicator.reduce(buffer, offset, length, op, root);
    end(Operation.REDUCE);
  }

  @Override
  public void reduceScatter(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    begin(Operation.REDUCE_SCATTER);
    communicator.reduceScatter(in, inAt, out, outAt, length, op);
    end(Operation.REDUCE_SCATTER);
  }

  @Override
  public void allGather(float[] in, int inAt, float[] out, int outAt, int length) {
    begin(Operation.ALL_GATHER);
    communicator.allGather(in, inAt, out, outAt, length);
    end(Operation.ALL_GATHER);
  }

  @Override
  public void broadcast(float[] buffer, int offset, int length, int root) {
    begin(Operation.BROADCAST);
    communicator.broadcast(buffer, offset, length, root);
    end(Operation.BROADCAST);
  }

  @Override
  public void allToAll(float[] in, int inAt, float[] out, int outAt, int length) {
    begin(Operation.ALL_TO_ALL);
    communicator.allToAll(in, inAt, out, outAt, length);
    end(Operation.ALL_TO_ALL);
  }

  @Override
  public void allToAllV(float[] in, int inAt, int[] sent, float[] out, int outAt, int[] received) {
    begin(Operation.ALL_TO_ALL_V);
    communicator.allToAllV(in, inAt, sent, out, outAt, received);
    end(Operation.ALL_TO_ALL_V);
  }
}
