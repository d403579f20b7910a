package dev.shardmark.collectives.mpi;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.kernels.math.Bf16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * {@link Communicator} over MPI. Arrays go in as they are, without a copy. The order in which ranks
 * are combined is the library's; bf16 goes as fp32, and is rounded once.
 *
 * <p>MPI has no deadlines, and does not notice that ranks call different things: what a rank waits
 * for in vain, it waits for until the job is ended.
 */
public final class MpiCommunicator implements Communicator {
  private static final int TAG = 0;
  private static final long STATUS_BYTES = 64; // MPI_Status has at most 32

  private final Mpi mpi;
  private final long comm;
  private final long type;
  private final int rank;
  private final int size;
  private final MemorySegment inPlace;
  private final MemorySegment status;
  private final MemorySegment receivedCount;
  private final MemorySegment counts;
  private final MemorySegment displacements;
  private final MemorySegment otherCounts;
  private final MemorySegment otherDisplacements;
  private final MpiFunctions.Barrier barrier;
  private final MpiFunctions.Send send;
  private final MpiFunctions.Receive receive;
  private final MpiFunctions.SendReceive sendReceive;
  private final MpiFunctions.GetCount getCount;
  private final MpiFunctions.Broadcast broadcast;
  private final MpiFunctions.AllReduce allReduce;
  private final MpiFunctions.Reduce reduce;
  private final MpiFunctions.ReduceScatter reduceScatter;
  private final MpiFunctions.AllGatherV allGather;
  private final MpiFunctions.AllToAllV allToAll;

  /** Kept from call to call, longer when a longer vector comes. */
  private float[] scratch = new float[0];

  MpiCommunicator(Mpi mpi, long comm) {
    this.mpi = mpi;
    this.comm = comm;
    MpiLibrary library = mpi.library();
    type = mpi.fp32();
    inPlace = MemorySegment.ofAddress(library.abi().inPlace());
    rank = number(library, "MPI_Comm_rank");
    size = number(library, "MPI_Comm_size");
    Arena arena = Arena.ofAuto();
    status = arena.allocate(STATUS_BYTES, Long.BYTES);
    receivedCount = arena.allocate(ValueLayout.JAVA_INT);
    counts = arena.allocate(ValueLayout.JAVA_INT, size);
    displacements = arena.allocate(ValueLayout.JAVA_INT, size);
    otherCounts = arena.allocate(ValueLayout.JAVA_INT, size);
    otherDisplacements = arena.allocate(ValueLayout.JAVA_INT, size);
    barrier = library.function(MpiFunctions.Barrier.class, "MPI_Barrier");
    send = library.ofHeap(MpiFunctions.Send.class, "MPI_Send");
    receive = library.ofHeap(MpiFunctions.Receive.class, "MPI_Recv");
    sendReceive = library.ofHeap(MpiFunctions.SendReceive.class, "MPI_Sendrecv");
    getCount = library.function(MpiFunctions.GetCount.class, "MPI_Get_count");
    broadcast = library.ofHeap(MpiFunctions.Broadcast.class, "MPI_Bcast");
    allReduce = library.ofHeap(MpiFunctions.AllReduce.class, "MPI_Allreduce");
    reduce = library.ofHeap(MpiFunctions.Reduce.class, "MPI_Reduce");
    reduceScatter = library.ofHeap(MpiFunctions.ReduceScatter.class, "MPI_Reduce_scatter");
    allGather = library.ofHeap(MpiFunctions.AllGatherV.class, "MPI_Allgatherv");
    allToAll = library.ofHeap(MpiFunctions.AllToAllV.class, "MPI_Alltoallv");
  }

  private int number(MpiLibrary library, String function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      mpi.check(library.function(MpiFunctions.OfComm.class, function).call(comm, out), function);
      return out.get(ValueLayout.JAVA_INT, 0);
    }
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public MpiCommunicator split(int color, int key) {
    if (color < 0) {
      throw new IllegalArgumentException("color must not be negative: color=" + color);
    }
    MpiLibrary library = mpi.library();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      MpiFunctions.Split split = library.function(MpiFunctions.Split.class, "MPI_Comm_split");
      mpi.check(split.call(comm, color, key, out), "MPI_Comm_split");
      boolean small = library.abi().handleBytes() == Integer.BYTES;
      return new MpiCommunicator(
          mpi, small ? out.get(ValueLayout.JAVA_INT, 0) : out.get(ValueLayout.JAVA_LONG, 0));
    }
  }

  @Override
  public void barrier() {
    mpi.check(barrier.call(comm), "MPI_Barrier");
  }

  @Override
  public void send(int to, float[] buffer, int offset, int length) {
    mpi.check(send.call(slice(buffer, offset, length), length, type, to, TAG, comm), "MPI_Send");
  }

  @Override
  public void receive(int from, float[] buffer, int offset, int length) {
    MemorySegment in = slice(buffer, offset, length);
    mpi.check(receive.call(in, length, type, from, TAG, comm, status), "MPI_Recv");
    checkReceived(from, length);
  }

  @Override
  public void sendReceive(
      int to, float[] out, int outAt, int outLength, int from, float[] in, int inAt, int inLength) {
    MemorySegment sent = slice(out, outAt, outLength);
    MemorySegment received = slice(in, inAt, inLength);
    mpi.check(
        sendReceive.call(
            sent, outLength, type, to, TAG, received, inLength, type, from, TAG, comm, status),
        "MPI_Sendrecv");
    checkReceived(from, inLength);
  }

  /** MPI is content with fewer elements than were asked for. */
  private void checkReceived(int from, int expected) {
    mpi.check(getCount.call(status, type, receivedCount), "MPI_Get_count");
    int sent = receivedCount.get(ValueLayout.JAVA_INT, 0);
    if (sent != expected) {
      throw new IllegalArgumentException(
          "lengths must agree: rank "
              + rank
              + " expects "
              + expected
              + " elements from rank "
              + from
              + ", which sends "
              + sent);
    }
  }

  @Override
  public void allReduce(float[] buffer, int offset, int length, ReduceOp op) {
    MemorySegment out = slice(buffer, offset, length);
    mpi.check(allReduce.call(inPlace, out, length, type, mpi.op(op), comm), "MPI_Allreduce");
  }

  @Override
  public void allReduce(short[] buffer, int offset, int length, ReduceOp op) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    float[] wide = scratch(length);
    for (int i = 0; i < length; i++) {
      wide[i] = Bf16.widen(buffer[offset + i]);
    }
    allReduce(wide, 0, length, op);
    Bf16.round(wide, 0, buffer, offset, length);
  }

  @Override
  public void allReduce(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    if (in == out && inAt == outAt) {
      allReduce(out, outAt, length, op);
      return;
    }
    MemorySegment from = slice(in, inAt, length);
    MemorySegment to = slice(out, outAt, length);
    mpi.check(allReduce.call(from, to, length, type, mpi.op(op), comm), "MPI_Allreduce");
  }

  @Override
  public void reduce(float[] buffer, int offset, int length, ReduceOp op, int root) {
    checkRoot(root);
    MemorySegment mine = slice(buffer, offset, length);
    MemorySegment from = rank == root ? inPlace : mine;
    MemorySegment to = rank == root ? mine : MemorySegment.NULL;
    mpi.check(reduce.call(from, to, length, type, mpi.op(op), root, comm), "MPI_Reduce");
  }

  @Override
  public void reduceScatter(float[] in, int inAt, float[] out, int outAt, int length, ReduceOp op) {
    chunks(length);
    int mine = Chunks.length(length, rank, size);
    MemorySegment from = slice(in, inAt, length);
    boolean apart = in == out; // MPI has no such call in place that leaves the rest of in alone
    MemorySegment to = apart ? slice(scratch(mine), 0, mine) : slice(out, outAt, mine);
    mpi.check(reduceScatter.call(from, to, counts, type, mpi.op(op), comm), "MPI_Reduce_scatter");
    if (apart) {
      System.arraycopy(scratch, 0, out, outAt, mine);
    }
  }

  @Override
  public void allGather(float[] in, int inAt, float[] out, int outAt, int length) {
    chunks(length);
    int mine = Chunks.length(length, rank, size);
    boolean same = in == out && inAt == outAt + Chunks.start(length, rank, size);
    MemorySegment from = same ? inPlace : slice(in, inAt, mine);
    MemorySegment to = slice(out, outAt, length);
    mpi.check(
        allGather.call(from, mine, type, to, counts, displacements, type, comm), "MPI_Allgatherv");
  }

  @Override
  public void broadcast(float[] buffer, int offset, int length, int root) {
    checkRoot(root);
    MemorySegment mine = slice(buffer, offset, length);
    mpi.check(broadcast.call(mine, length, type, root, comm), "MPI_Bcast");
  }

  @Override
  public void allToAll(float[] in, int inAt, float[] out, int outAt, int length) {
    chunks(length);
    int mine = Chunks.length(length, rank, size);
    for (int peer = 0; peer < size; peer++) {
      otherCounts.setAtIndex(ValueLayout.JAVA_INT, peer, mine);
      otherDisplacements.setAtIndex(ValueLayout.JAVA_INT, peer, peer * mine);
    }
    exchange(slice(in, inAt, length), slice(out, outAt, Math.multiplyExact(mine, size)));
  }

  @Override
  public void allToAllV(float[] in, int inAt, int[] sent, float[] out, int outAt, int[] received) {
    if (sent.length != size || received.length != size) {
      throw new IllegalArgumentException(
          "counts must be one for each of the "
              + size
              + " ranks: sent="
              + Arrays.toString(sent)
              + " received="
              + Arrays.toString(received));
    }
    int outgoing = fill(sent, counts, displacements);
    int incoming = fill(received, otherCounts, otherDisplacements);
    exchange(slice(in, inAt, outgoing), slice(out, outAt, incoming));
  }

  private void exchange(MemorySegment from, MemorySegment to) {
    mpi.check(
        allToAll.call(
            from, counts, displacements, type, to, otherCounts, otherDisplacements, type, comm),
        "MPI_Alltoallv");
  }

  /** Combines numbers that are not payload. */
  void allReduce(double[] values, ReduceOp op) {
    MemorySegment all = MemorySegment.ofArray(values);
    int code = allReduce.call(inPlace, all, values.length, mpi.fp64(), mpi.op(op), comm);
    mpi.check(code, "MPI_Allreduce");
  }

  private float[] scratch(int length) {
    if (scratch.length < length) {
      scratch = new float[length];
    }
    return scratch;
  }

  /** The chunks of a vector, as counts and displacements. */
  private void chunks(int length) {
    for (int chunk = 0; chunk < size; chunk++) {
      counts.setAtIndex(ValueLayout.JAVA_INT, chunk, Chunks.length(length, chunk, size));
      displacements.setAtIndex(ValueLayout.JAVA_INT, chunk, Chunks.start(length, chunk, size));
    }
  }

  private static int fill(int[] lengths, MemorySegment counts, MemorySegment displacements) {
    int at = 0;
    for (int peer = 0; peer < lengths.length; peer++) {
      counts.setAtIndex(ValueLayout.JAVA_INT, peer, lengths[peer]);
      displacements.setAtIndex(ValueLayout.JAVA_INT, peer, at);
      at = Math.addExact(at, lengths[peer]);
    }
    return at;
  }

  private void checkRoot(int root) {
    if (root < 0 || root >= size) {
      throw new IllegalArgumentException("root must be a rank, below " + size + ": root=" + root);
    }
  }

  private static MemorySegment slice(float[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
    return MemorySegment.ofArray(array)
        .asSlice((long) Float.BYTES * offset, (long) Float.BYTES * length);
  }
}
