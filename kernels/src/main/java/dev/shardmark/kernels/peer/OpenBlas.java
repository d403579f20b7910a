package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Op;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * OpenBLAS, by the C interface of its {@code cblas.h}: one instance a process, set to one thread.
 */
final class OpenBlas {
  private static final Once<OpenBlas> HERE = new Once<>(OpenBlas::new);

  private static final int ROW_MAJOR = 101; // CblasRowMajor
  private static final int PLAIN = 111; // CblasNoTrans
  private static final int TRANSPOSED = 112; // CblasTrans

  private final Sgemm sgemm;
  private final String description;

  private OpenBlas() {
    NativeLibrary library =
        NativeLibrary.open(
            "OpenBLAS",
            "shardmark.openblas",
            "org/bytedeco/openblas",
            "libopenblas.so.0",
            List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5"));
    // Critical, so that arrays of the heap go in without a copy. No safepoint passes meanwhile.
    sgemm = library.function(Sgemm.class, "cblas_sgemm", Linker.Option.critical(true));
    library.function(SetThreads.class, "openblas_set_num_threads").to(1);
    Text config = library.function(Text.class, "openblas_get_config");
    Text core = library.function(Text.class, "openblas_get_corename");
    description =
        NativeLibrary.text(config.pointer()).strip()
            + ", kernels for "
            + NativeLibrary.text(core.pointer())
            + ", "
            + library.origin();
  }

  /** The library of this process. */
  static OpenBlas here() {
    return HERE.get();
  }

  /** Version, build options, the kernels it chose for this CPU, and where it was found. */
  String description() {
    return description;
  }

  /** {@code cblas_sgemm}, row-major: {@code C = alpha op(A) op(B) + beta C}. */
  void sgemm(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    sgemm.multiply(
        ROW_MAJOR,
        code(opA),
        code(opB),
        c.rows(),
        c.cols(),
        opA.cols(a),
        alpha,
        HeapOperand.segment(a),
        HeapOperand.stride(a),
        HeapOperand.segment(b),
        HeapOperand.stride(b),
        beta,
        HeapOperand.segment(c),
        HeapOperand.stride(c));
  }

  private static int code(Op op) {
    return op == Op.TRANSPOSED ? TRANSPOSED : PLAIN;
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
}
