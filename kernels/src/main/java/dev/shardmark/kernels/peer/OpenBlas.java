package dev.shardmark.kernels.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * OpenBLAS, by the C interface of its {@code cblas.h}: one instance a process, set to one thread.
 */
@SuppressWarnings("restricted") // native access is what it is for
final class OpenBlas {
  private static final long LONGEST_TEXT_BYTES = 512;

  private final MethodHandle sgemm;
  private final String description;

  private OpenBlas(NativeLibrary library) {
    MemoryLayout i = JAVA_INT;
    MemoryLayout f = JAVA_FLOAT;
    MemoryLayout p = ADDRESS;
    // Critical, so that arrays of the heap go in without a copy. No safepoint passes meanwhile.
    sgemm =
        handle(
            library,
            "cblas_sgemm",
            FunctionDescriptor.ofVoid(i, i, i, i, i, i, f, p, i, p, i, f, p, i),
            Linker.Option.critical(true));
    MethodHandle threads =
        handle(library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(i));
    MethodHandle config = handle(library, "openblas_get_config", FunctionDescriptor.of(p));
    MethodHandle core = handle(library, "openblas_get_corename", FunctionDescriptor.of(p));
    try {
      threads.invokeExact(1);
      description =
          text((MemorySegment) config.invokeExact()).strip()
              + ", kernels for "
              + text((MemorySegment) core.invokeExact())
              + ", "
              + library.origin();
    } catch (Throwable e) { // what a method handle declares; the functions throw nothing
      throw new IllegalStateException(e);
    }
  }

  /** The library of this process. */
  static OpenBlas here() {
    return Holder.get();
  }

  /** Version, build options, the kernels it chose for this CPU, and where it was found. */
  String description() {
    return description;
  }

  /** {@code cblas_sgemm}, row-major. */
  void sgemm(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      float beta,
      MemorySegment c,
      int ldc) {
    int rowMajor = 101;
    int plain = 111;
    int transposed = 112;
    try {
      sgemm.invokeExact(
          rowMajor,
          transA ? transposed : plain,
          transB ? transposed : plain,
          m,
          n,
          k,
          alpha,
          a,
          lda,
          b,
          ldb,
          beta,
          c,
          ldc);
    } catch (Throwable e) { // what a method handle declares; the function throws nothing
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle handle(
      NativeLibrary library, String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment function =
        library
            .symbols()
            .find(name)
            .orElseThrow(
                () ->
                    new PeerUnavailableException(
                        "OpenBLAS lacks a function: name="
                            + name
                            + " library="
                            + library.origin()));
    return Linker.nativeLinker().downcallHandle(function, type, options);
  }

  private static String text(MemorySegment pointer) {
    return pointer.reinterpret(LONGEST_TEXT_BYTES).getString(0);
  }

  /** Opened once, when first asked for; a failure is said again to whoever asks next. */
  private static final class Holder {
    private static OpenBlas library;
    private static PeerUnavailableException failure;

    static synchronized OpenBlas get() {
      if (failure != null) {
        throw failure;
      }
      if (library == null) {
        try {
          library =
              new OpenBlas(
                  NativeLibrary.open(
                      "shardmark.openblas",
                      "org/bytedeco/openblas",
                      "libopenblas.so.0",
                      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5")));
        } catch (PeerUnavailableException e) {
          failure = e;
          throw e;
        }
      }
      return library;
    }
  }
}
