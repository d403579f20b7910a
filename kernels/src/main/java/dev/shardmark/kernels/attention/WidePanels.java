package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.gemm.Bf16Kernel1x2;
import dev.shardmark.kernels.gemm.Bf16Kernel4x2;
import dev.shardmark.kernels.gemm.MicroKernel;

/** Panels of K or strips of V, whichever way their elements are kept. */
abstract class WidePanels {
  /** Multiplies panel {@code i} with a narrow one: {@link MicroKernel#run}. */
  abstract void run(MicroKernel kernel, int kc, float[] narrow, int i, float[] tile, int at);

  /** Those of fp32. */
  static final class Fp32 extends WidePanels {
    private float[][] panels;

    /** These panels from now on. */
    Fp32 of(float[][] panels) {
      this.panels = panels;
      return this;
    }

    @Override
    void run(MicroKernel kernel, int kc, float[] narrow, int i, float[] tile, int at) {
      kernel.run(kc, narrow, panels[i], tile, at);
    }
  }

  /** Those of bf16, which has tiles of 1 and of 4 rows. */
  static final class Bf16 extends WidePanels {
    private short[][] panels;

    /** These panels from now on. */
    Bf16 of(short[][] panels) {
      this.panels = panels;
      return this;
    }

    @Override
    void run(MicroKernel kernel, int kc, float[] narrow, int i, float[] tile, int at) {
      if (kernel.rows() == 1) {
        Bf16Kernel1x2.run(kc, narrow, panels[i], tile, at);
      } else {
        Bf16Kernel4x2.run(kc, narrow, panels[i], tile, at);
      }
    }
  }
}
