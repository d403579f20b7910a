package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.ReduceOp;
import java.util.Objects;

/**
 * A group of which one rank is here, and all others say what this one says: what a rank computes
 * can be run alone, on as many tokens and rows as among others, with values of the usual size.
 *
 * <p>A sum is that of equal operands; where others would send a block, this rank's own block for
 * itself, or the part it has, comes back. Nothing is waited for.
 */
public final class EchoCommunicator implements Communicator {
  private final int rank;
  private final int size;

  /**
   * The place of a rank in a group.
   *
   * @throws IndexOutOfBoundsException if the group has no such rank
   */
  public EchoCommunicator(int rank, int size) {
    this.rank = Objects.checkIndex(rank, size);
    this.size = size;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  /** All ranks are in the part, as if all had given this color and a key of their rank. */
  @Override
  public Communicator split(int color, int key) {
    return this;
  }

  @Override
  public void barrier() {}

  @Override
  public void send(int to, float[] buffer, int offset, int length) {}

  /** What is there stays. */
  @Override
  public void receive(int from, float[] buffer, int offset, int length) {}

  @Override
  public void sendReceive(
      int to, float[] out, int outAt, int outLength, int from, float[] in, int inAt, int inLength) {
    System.arraycopy(out, outAt, in, inAt, Math.min(outLength, inLength));
  }

  @Override
  public void allReduce(float[] buffer, int offset, int length, ReduceOp op) {
    allReduce(buffer, offset, buffer, offset, length, op);
  }

  @Override
  public void allReduce(short[] buffer, int offset, int length, ReduceOp op) {}

  @Override
  public void allReduce(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    int times = op == ReduceOp.SUM ? size : 1;
    for (int i = 0; i < length; i++) {
      out[outAt + i] = times * in[inAt + i];
    }
  }

  @Override
  public void reduce(float[] buffer, int offset, int length, ReduceOp op, int root) {
    if (rank == root) {
      allReduce(buffer, offset, length, op);
    }
  }

  @Override
  public void reduceScatter(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    int start = Chunks.start(length, rank, size);
    allReduce(in, inAt + start, out, outAt, Chunks.length(length, rank, size), op);
  }

  @Override
  public void allGather(float[] in, int inAt, float[] out, int outAt, int length) {
    int own = Chunks.length(length, rank, size);
    for (int peer = 0; peer < size; peer++) {
      int chunk = Math.min(own, Chunks.length(length, peer, size));
      System.arraycopy(in, inAt, out, outAt + Chunks.start(length, peer, size), chunk);
    }
  }

  @Override
  public void broadcast(float[] buffer, int offset, int length, int root) {}

  @Override
  public void allToAll(float[] in, int inAt, float[] out, int outAt, int length) {
    int start = Chunks.start(length, rank, size);
    int block = Chunks.length(length, rank, size);
    for (int peer = 0; peer < size; peer++) {
      System.arraycopy(in, inAt + start, out, outAt + peer * block, block);
    }
  }

  @Override
  public void allToAllV(float[] in, int inAt, int[] sent, float[] out, int outAt, int[] received) {
    int start = inAt;
    for (int peer = 0; peer < rank; peer++) {
      start += sent[peer];
    }
    int to = outAt;
    for (int peer = 0; peer < size; peer++) {
      System.arraycopy(in, start, out, to, Math.min(sent[rank], received[peer]));
      to += received[peer];
    }
  }
}
