package dev.shardmark.collectives;

import dev.shardmark.collectives.alltoall.Blocks;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The collectives of one {@link Rank}: it checks what can be checked alone, says what is called,
 * and hands over to the group's {@link Algorithms}.
 *
 * <p>An object for each operand is kept, so that a call allocates nothing.
 */
abstract class Collectives implements Communicator {
  /** What ranks expose that lead no part of a split. */
  private static final Object NO_FABRIC = new Object();

  /** Of messages between two ranks, which have lengths of their own. */
  private static final long MESSAGE = Call.of(Operation.SEND, Float.BYTES, 0);

  private final Fabric fabric;
  private final Algorithms algorithms;
  private final Fp32Elements first = new Fp32Elements(new float[0]);
  private final Fp32Elements second = new Fp32Elements(new float[0]);
  private final Bf16Elements bf16 = new Bf16Elements(new short[0]);
  private final Blocks blocksIn;
  private final Blocks blocksOut;
  private long call;
  private long history;

  Collectives(Fabric fabric) {
    this.fabric = fabric;
    algorithms = fabric.algorithms();
    blocksIn = new Blocks(fabric.ranks());
    blocksOut = new Blocks(fabric.ranks());
  }

  /** The rank {@code member} of a part of this group. */
  abstract Rank of(Fabric part, int member);

  /** What this rank is calling, for {@link Call}. */
  final long call() {
    return call;
  }

  /** A number of all collectives called so far: equal on ranks that have called the same. */
  final long history() {
    return history;
  }

  /** As if nothing had been called. */
  void reset() {
    history = 0;
  }

  private Rank self() {
    return (Rank) this;
  }

  /** Says what is called; false if there is nobody to call. */
  private boolean begin(long call) {
    set(call);
    if (size() == 1) {
      return false;
    }
    history = 31 * history + call;
    fabric.calls().begin(rank(), call);
    return true;
  }

  private void set(long call) {
    if (fabric.isStale()) {
      throw new IllegalStateException("a group split off before a failure must be split off again");
    }
    this.call = call;
  }

  private static int bytes(Elements elements) {
    return elements.bytesEach();
  }

  @Override
  public final void barrier() {
    if (begin(Call.of(Operation.BARRIER, 0, 0))) {
      algorithms.barrier().run(self());
    }
  }

  @Override
  public final void send(int to, float[] buffer, int offset, int length) {
    set(MESSAGE);
    self().post(to, first.of(buffer), offset, length, 0);
    self().awaitReturn(to, 0);
  }

  @Override
  public final void receive(int from, float[] buffer, int offset, int length) {
    set(MESSAGE);
    self().takeInto(from, second.of(buffer), offset, length, 0);
  }

  @Override
  public final void sendReceive(
      int to, float[] out, int outAt, int outLength, int from, float[] in, int inAt, int inLength) {
    set(MESSAGE);
    self().post(to, first.of(out), outAt, outLength, 0);
    self().takeInto(from, second.of(in), inAt, inLength, 0);
    self().awaitReturn(to, 0);
  }

  @Override
  public final void allReduce(float[] buffer, int offset, int length, ReduceOp op) {
    allReduce(first.of(buffer), offset, length, op);
  }

  @Override
  public final void allReduce(short[] buffer, int offset, int length, ReduceOp op) {
    allReduce(bf16.of(buffer), offset, length, op);
  }

  private void allReduce(Elements buffer, int offset, int length, ReduceOp op) {
    Objects.checkFromIndexSize(offset, length, buffer.length());
    if (begin(Call.of(Operation.ALL_REDUCE, bytes(buffer), length, op, 0)) && length > 0) {
      algorithms.allReduce().run(self(), buffer, offset, length, op);
    }
  }

  @Override
  public final void allReduce(
      float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    Objects.checkFromIndexSize(inAt, length, in.length);
    Objects.checkFromIndexSize(outAt, length, out.length);
    if (!begin(Call.of(Operation.ALL_REDUCE, Float.BYTES, length, op, 0))) {
      System.arraycopy(in, inAt, out, outAt, length);
    } else if (length > 0) {
      Elements from = in == out ? second.of(out) : first.of(in);
      algorithms.allReduce().run(self(), from, inAt, second.of(out), outAt, length, op);
    }
  }

  @Override
  public final void reduce(float[] buffer, int offset, int length, ReduceOp op, int root) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    checkRoot(root);
    if (begin(Call.of(Operation.REDUCE, Float.BYTES, length, op, root)) && length > 0) {
      algorithms.reduce().run(self(), first.of(buffer), offset, length, op, root);
    }
  }

  @Override
  public final void reduceScatter(
      float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    int mine = Chunks.length(length, rank(), size());
    Objects.checkFromIndexSize(inAt, length, in.length);
    Objects.checkFromIndexSize(outAt, mine, out.length);
    if (!begin(Call.of(Operation.REDUCE_SCATTER, Float.BYTES, length, op, 0))) {
      System.arraycopy(in, inAt, out, outAt, length);
    } else if (length > 0) {
      algorithms.reduceScatter().run(self(), first.of(in), inAt, second.of(out), outAt, length, op);
    }
  }

  @Override
  public final void allGather(float[] in, int inAt, float[] out, int outAt, int length) {
    int mine = Chunks.length(length, rank(), size());
    Objects.checkFromIndexSize(inAt, mine, in.length);
    Objects.checkFromIndexSize(outAt, length, out.length);
    if (!begin(Call.of(Operation.ALL_GATHER, Float.BYTES, length))) {
      System.arraycopy(in, inAt, out, outAt, length);
    } else if (length > 0) {
      algorithms.allGather().run(self(), first.of(in), inAt, second.of(out), outAt, length);
    }
  }

  @Override
  public final void broadcast(float[] buffer, int offset, int length, int root) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    checkRoot(root);
    if (begin(Call.of(Operation.BROADCAST, Float.BYTES, length, null, root)) && length > 0) {
      algorithms.broadcast().run(self(), first.of(buffer), offset, length, root);
    }
  }

  @Override
  public final void allToAll(float[] in, int inAt, float[] out, int outAt, int length) {
    int mine = Chunks.length(length, rank(), size());
    Objects.checkFromIndexSize(inAt, length, in.length);
    Objects.checkFromIndexSize(outAt, Math.multiplyExact(mine, size()), out.length);
    if (!begin(Call.of(Operation.ALL_TO_ALL, Float.BYTES, length))) {
      System.arraycopy(in, inAt, out, outAt, length);
    } else if (length > 0) {
      blocksIn.chunks(first.of(in), inAt, length);
      blocksOut.equal(second.of(out), outAt, mine);
      algorithms.allToAll().run(self(), blocksIn, blocksOut);
    }
  }

  @Override
  public final void allToAllV(
      float[] in, int inAt, int[] sent, float[] out, int outAt, int[] received) {
    checkCounts("sent", sent);
    checkCounts("received", received);
    blocksIn.lengths(first.of(in), inAt, sent);
    blocksOut.lengths(second.of(out), outAt, received);
    Objects.checkFromIndexSize(inAt, blocksIn.total(), in.length);
    Objects.checkFromIndexSize(outAt, blocksOut.total(), out.length);
    if (begin(Call.of(Operation.ALL_TO_ALL_V, Float.BYTES, 0))) {
      algorithms.allToAll().run(self(), blocksIn, blocksOut);
    } else if (sent[0] != received[0]) {
      throw new IllegalArgumentException(
          "lengths must agree: sent=" + sent[0] + " received=" + received[0]);
    } else {
      System.arraycopy(in, inAt, out, outAt, sent[0]);
    }
  }

  private void checkCounts(String name, int[] counts) {
    if (counts.length != size() || Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "counts must not be negative, one for each of the "
              + size()
              + " ranks: "
              + name
              + "="
              + Arrays.toString(counts));
    }
  }

  private void checkRoot(int root) {
    if (root < 0 || root >= size()) {
      throw new IllegalArgumentException("root must be a rank, below " + size() + ": root=" + root);
    }
  }

  @Override
  public final Rank split(int color, int key) {
    if (color < 0) {
      throw new IllegalArgumentException("color must not be negative: color=" + color);
    }
    begin(Call.of(Operation.SPLIT, 0, 0));
    self().expose(new int[] {color, key}, 0);
    int[] members =
        IntStream.range(0, size())
            .filter(peer -> self().window(peer, int[].class)[0] == color)
            .boxed()
            .sorted(Comparator.comparingInt(peer -> self().window(peer, int[].class)[1]))
            .mapToInt(Integer::intValue)
            .toArray();
    self().synchronise(1); // all have read the colors
    boolean leads = members[0] == rank();
    self().expose(leads ? fabric.of(members) : NO_FABRIC, 0);
    Fabric part = self().window(members[0], Fabric.class);
    self().synchronise(1);
    int member = 0;
    while (members[member] != rank()) {
      member++;
    }
    return of(part, member);
  }
}
