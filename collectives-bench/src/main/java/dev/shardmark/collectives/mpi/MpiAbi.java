package dev.shardmark.collectives.mpi;

import java.lang.foreign.SymbolLookup;

/**
 * The three binary interfaces that MPI libraries have. A handle is a {@code long} here: the address
 * of a data symbol for Open MPI, an {@code int} for MPICH, a small number in the place of a pointer
 * for the standard one.
 *
 * <p><b>Source</b> mpi.h of Open MPI 4.1 and of MPICH 4.2; MPI 5.0, chapter 20, and mpi.h of
 * mpi-forum/mpi-abi-stubs.
 */
enum MpiAbi {
  OPEN_MPI(8, 1, 1) {
    @Override
    long handle(SymbolLookup symbols, Handle handle) {
      String symbol =
          switch (handle) {
            case WORLD -> "ompi_mpi_comm_world";
            case FLOAT -> "ompi_mpi_float";
            case DOUBLE -> "ompi_mpi_double";
            case SUM -> "ompi_mpi_op_sum";
            case MAX -> "ompi_mpi_op_max";
            case MIN -> "ompi_mpi_op_min";
            case ERRORS_RETURN -> "ompi_mpi_errors_return";
          };
      return symbols
          .find(symbol)
          .orElseThrow(
              () -> new MpiUnavailableException("the MPI library lacks a symbol: name=" + symbol))
          .address();
    }
  },
  MPICH(4, -1, 1) {
    @Override
    long handle(SymbolLookup symbols, Handle handle) {
      return switch (handle) {
        case WORLD -> 0x44000000L;
        case FLOAT -> 0x4c00040aL;
        case DOUBLE -> 0x4c00080bL;
        case SUM -> 0x58000003L;
        case MAX -> 0x58000001L;
        case MIN -> 0x58000002L;
        case ERRORS_RETURN -> 0x54000001L;
      };
    }
  },
  STANDARD(8, 1, 1024) {
    @Override
    long handle(SymbolLookup symbols, Handle handle) {
      return switch (handle) {
        case WORLD -> 0x101L;
        case FLOAT -> 0x210L;
        case DOUBLE -> 0x214L;
        case SUM -> 0x21L;
        case MAX -> 0x23L;
        case MIN -> 0x22L;
        case ERRORS_RETURN -> 0x143L;
      };
    }
  };

  /** What is needed of an MPI library besides functions. */
  enum Handle {
    WORLD,
    FLOAT,
    DOUBLE,
    SUM,
    MAX,
    MIN,
    ERRORS_RETURN
  }

  private final int handleBytes;
  private final long inPlace;
  private final int funneled;

  MpiAbi(int handleBytes, long inPlace, int funneled) {
    this.handleBytes = handleBytes;
    this.inPlace = inPlace;
    this.funneled = funneled;
  }

  /** A handle of this interface. */
  abstract long handle(SymbolLookup symbols, Handle handle);

  /** Bytes of a handle: an int or a pointer. */
  int handleBytes() {
    return handleBytes;
  }

  /** The address that means in place. */
  long inPlace() {
    return inPlace;
  }

  /** {@code MPI_THREAD_FUNNELED}: one thread makes all calls. */
  int funneled() {
    return funneled;
  }
}
