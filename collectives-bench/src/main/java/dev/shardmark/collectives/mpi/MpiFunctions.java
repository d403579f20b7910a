package dev.shardmark.collectives.mpi;

import java.lang.foreign.MemorySegment;

/** Forms of the functions of mpi.h: a {@code long} is a handle, the result is an error code. */
final class MpiFunctions {
  private MpiFunctions() {}

  /** {@code MPI_Init_thread(argc, argv, required, provided)}. */
  public interface InitThread {
    int call(MemorySegment argc, MemorySegment argv, int required, MemorySegment provided);
  }

  /** {@code MPI_Finalize()}. */
  public interface Finalize {
    int call();
  }

  /** {@code MPI_Comm_rank(comm, out)} and {@code MPI_Comm_size}. */
  public interface OfComm {
    int call(long comm, MemorySegment out);
  }

  /** {@code MPI_Barrier(comm)}. */
  public interface Barrier {
    int call(long comm);
  }

  /** {@code MPI_Abort(comm, code)}. */
  public interface Abort {
    int call(long comm, int code);
  }

  /** {@code MPI_Comm_set_errhandler(comm, handler)}. */
  public interface SetErrhandler {
    int call(long comm, long handler);
  }

  /** {@code MPI_Error_string(code, text, length)}. */
  public interface ErrorString {
    int call(int code, MemorySegment text, MemorySegment length);
  }

  /** {@code MPI_Get_library_version(text, length)}. */
  public interface LibraryVersion {
    int call(MemorySegment text, MemorySegment length);
  }

  /** {@code MPI_Comm_split(comm, color, key, out)}. */
  public interface Split {
    int call(long comm, int color, int key, MemorySegment out);
  }

  /** {@code MPI_Send(buffer, count, type, to, tag, comm)}. */
  public interface Send {
    int call(MemorySegment buffer, int count, long type, int to, int tag, long comm);
  }

  /** {@code MPI_Recv(buffer, count, type, from, tag, comm, status)}. */
  public interface Receive {
    int call(
        MemorySegment buffer,
        int count,
        long type,
        int from,
        int tag,
        long comm,
        MemorySegment status);
  }

  /** {@code MPI_Get_count(status, type, count)}. */
  public interface GetCount {
    int call(MemorySegment status, long type, MemorySegment count);
  }

  /** {@code MPI_Sendrecv}. */
  public interface SendReceive {
    int call(
        MemorySegment out,
        int outCount,
        long outType,
        int to,
        int outTag,
        MemorySegment in,
        int inCount,
        long inType,
        int from,
        int inTag,
        long comm,
        MemorySegment status);
  }

  /** {@code MPI_Bcast(buffer, count, type, root, comm)}. */
  public interface Broadcast {
    int call(MemorySegment buffer, int count, long type, int root, long comm);
  }

  /** {@code MPI_Allreduce(in, out, count, type, op, comm)}. */
  public interface AllReduce {
    int call(MemorySegment in, MemorySegment out, int count, long type, long op, long comm);
  }

  /** {@code MPI_Reduce(in, out, count, type, op, root, comm)}. */
  public interface Reduce {
    int call(
        MemorySegment in, MemorySegment out, int count, long type, long op, int root, long comm);
  }

  /** {@code MPI_Reduce_scatter(in, out, counts, type, op, comm)}. */
  public interface ReduceScatter {
    int call(
        MemorySegment in, MemorySegment out, MemorySegment counts, long type, long op, long comm);
  }

  /** {@code MPI_Allgatherv(in, count, type, out, counts, displacements, type, comm)}. */
  public interface AllGatherV {
    int call(
        MemorySegment in,
        int count,
        long inType,
        MemorySegment out,
        MemorySegment counts,
        MemorySegment displacements,
        long outType,
        long comm);
  }

  /** {@code MPI_Alltoallv}. */
  public interface AllToAllV {
    int call(
        MemorySegment in,
        MemorySegment inCounts,
        MemorySegment inDisplacements,
        long inType,
        MemorySegment out,
        MemorySegment outCounts,
        MemorySegment outDisplacements,
        long outType,
        long comm);
  }
}
