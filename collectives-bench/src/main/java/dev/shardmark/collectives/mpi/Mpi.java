package dev.shardmark.collectives.mpi;

import dev.shardmark.collectives.ReduceOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/**
 * MPI in this process: started once, on the one thread that makes all calls.
 *
 * <p>Errors come back as exceptions, not as the end of the job, so that they can be reported; who
 * cannot go on ends all ranks by {@link #abort}.
 */
public final class Mpi implements AutoCloseable {
  /** Where launchers say how many ranks they have started. */
  private static final List<String> RANKS_STARTED = List.of("OMPI_COMM_WORLD_SIZE", "PMI_SIZE");

  private static final int TEXT_BYTES = 8192; // MPI_MAX_LIBRARY_VERSION_STRING of MPICH and ABI
  private static final int SUCCESS = 0;

  private final MpiLibrary library;
  private final long world;
  private final long fp32;
  private final long fp64;

  /** Handles by {@link ReduceOp}. */
  private final long[] ops = new long[ReduceOp.values().length];

  private final String version;
  private final MpiFunctions.ErrorString errorString;

  private Mpi(MpiLibrary library) {
    this.library = library;
    world = library.handle(MpiAbi.Handle.WORLD);
    fp32 = library.handle(MpiAbi.Handle.FLOAT);
    fp64 = library.handle(MpiAbi.Handle.DOUBLE);
    ops[ReduceOp.SUM.ordinal()] = library.handle(MpiAbi.Handle.SUM);
    ops[ReduceOp.MAX.ordinal()] = library.handle(MpiAbi.Handle.MAX);
    ops[ReduceOp.MIN.ordinal()] = library.handle(MpiAbi.Handle.MIN);
    errorString = library.function(MpiFunctions.ErrorString.class, "MPI_Error_string");
    MpiFunctions.InitThread init =
        library.function(MpiFunctions.InitThread.class, "MPI_Init_thread");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment none = MemorySegment.NULL;
      MemorySegment provided = arena.allocate(ValueLayout.JAVA_INT);
      check(init.call(none, none, library.abi().funneled(), provided), "MPI_Init_thread");
    }
    check(
        library
            .function(MpiFunctions.SetErrhandler.class, "MPI_Comm_set_errhandler")
            .call(world, library.handle(MpiAbi.Handle.ERRORS_RETURN)),
        "MPI_Comm_set_errhandler");
    version = readVersion();
  }

  /**
   * Starts MPI in a process that {@code mpirun} has started; without it, as the only rank.
   *
   * @throws MpiUnavailableException if there is no library, or it is not the launcher's
   */
  public static Mpi start() {
    Mpi mpi = new Mpi(MpiLibrary.open());
    int started =
        RANKS_STARTED.stream()
            .map(System::getenv)
            .filter(Objects::nonNull)
            .mapToInt(Integer::parseInt)
            .findFirst()
            .orElse(1);
    if (started > 1 && mpi.world().size() == 1) {
      mpi.close();
      throw new MpiUnavailableException(
          "the MPI library must belong to the launcher, which has started "
              + started
              + " ranks: name it by -D"
              + MpiLibrary.PROPERTY
              + "=FILE: library="
              + mpi.version());
    }
    return mpi;
  }

  /** All ranks. */
  public MpiCommunicator world() {
    return new MpiCommunicator(this, world);
  }

  /** What the library says it is, and where it was found. */
  public String version() {
    return version;
  }

  /** Ends all ranks at once. */
  public void abort(int code) {
    library.function(MpiFunctions.Abort.class, "MPI_Abort").call(world, code);
  }

  @Override
  public void close() {
    check(library.function(MpiFunctions.Finalize.class, "MPI_Finalize").call(), "MPI_Finalize");
  }

  MpiLibrary library() {
    return library;
  }

  /** The handle of fp32. */
  long fp32() {
    return fp32;
  }

  /** The handle of fp64. */
  long fp64() {
    return fp64;
  }

  /** The handle of a reduction. */
  long op(ReduceOp op) {
    return ops[op.ordinal()];
  }

  /**
   * Returns if a function did.
   *
   * @throws MpiException with MPI's own words, if not
   */
  void check(int code, String function) {
    if (code != SUCCESS) {
      throw new MpiException(function + " failed: " + words(code));
    }
  }

  private String words(int code) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(TEXT_BYTES);
      errorString.call(code, text, arena.allocate(ValueLayout.JAVA_INT));
      return text.getString(0);
    }
  }

  private String readVersion() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(TEXT_BYTES);
      check(
          library
              .function(MpiFunctions.LibraryVersion.class, "MPI_Get_library_version")
              .call(text, arena.allocate(ValueLayout.JAVA_INT)),
          "MPI_Get_library_version");
      return text.getString(0).lines().findFirst().orElse("") + ", " + library.origin();
    }
  }
}
