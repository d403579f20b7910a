package dev.shardmark.kernels.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.util.List;

/**
 * OpenBLAS, by the C interface of its {@code cblas.h}: one instance a process, set to one thread.
 */
@SuppressWarnings("restricted") // native access is what it is for
final class OpenBlas {
  private static final long LONGEST_TEXT_BYTES = 512;

  private final Sgemm sgemm;
  private final String description;

  private OpenBlas(NativeLibrary library) {
    MemoryLayout i = JAVA_INT;
    MemoryLayout f = JAVA_FLOAT;
    MemoryLayout p = ADDRESS;
    // Critical, so that arrays of the heap go in without a copy. No safepoint passes meanwhile.
    sgemm =
        function(
            Sgemm.class,
            library,
            "cblas_sgemm",
            FunctionDescriptor.ofVoid(i, i, i, i, i, i, f, p, i, p, i, f, p, i),
            Linker.Option.critical(true));
    function(SetThreads.class, library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(i))
        .to(1);
    FunctionDescriptor pointer = FunctionDescriptor.of(p);
    Text config = function(Text.class, library, "openblas_get_config", pointer);
    Text core = function(Text.class, library, "openblas_get_corename", pointer);
    description = text(config).strip() + ", kernels for " + text(core) + ", " + library.origin();
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
    sgemm.multiply(
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
  }

  /** A function of the library behind an interface, which declares what it throws: nothing. */
  private static <T> T function(
      Class<T> face,
      NativeLibrary library,
      String name,
      FunctionDescriptor type,
      Linker.Option... options) {
    MemorySegment address =
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
    MethodHandle handle = Linker.nativeLinker().downcallHandle(address, type, options);
    return MethodHandleProxies.asInterfaceInstance(face, handle);
  }

  private static String text(Text function) {
    return function.pointer().reinterpret(LONGEST_TEXT_BYTES).getString(0);
  }

  /**
   * {@code void cblas_sgemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)}.
   */
  public interface Sgemm {
    void multiply(
        int order,
        int transA,
        int transB,
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
        int ldc);
  }

  /** {@code void openblas_set_num_threads(int)}. */
  public interface SetThreads {
    void to(int threads);
  }

  /** {@code char *function(void)}. */
  public interface Text {
    MemorySegment pointer();
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
