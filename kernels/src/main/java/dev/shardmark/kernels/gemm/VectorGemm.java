package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Species;

/**
 * {@link Gemm} with the Vector API: unpacked for few rows, packed and blocked for many.
 *
 * <p>The register tile follows the vector registers: 12 x 2 where there are 32 of them (AVX-512,
 * and NEON's 128 bits), 6 x 2 where there are 16.
 */
public final class VectorGemm implements Gemm {
  /** Rows of A from which a packed copy of B pays. */
  static final int PACKED_FROM_ROWS = 12;

  private static final Blocking BLOCKING = new Blocking(132, MicroKernel.KC, 4080);

  private final Gemm skinny = new SkinnyVectorGemm();
  private final Gemm packed = new BlockedVectorGemm(microKernel(), BLOCKING);

  @Override
  public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    Gemm path = c.rows() < PACKED_FROM_ROWS ? skinny : packed;
    path.multiply(alpha, a, b, beta, c);
  }

  /** The register tile for this machine. */
  static MicroKernel microKernel() {
    boolean wide =
        Species.F.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");
    return wide ? new MicroKernel12x2() : new MicroKernel6x2();
  }
}
