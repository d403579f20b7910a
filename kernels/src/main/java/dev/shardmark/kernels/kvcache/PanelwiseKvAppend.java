package dev.shardmark.kernels.kvcache;

import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.Bf16;

/**
 * {@link KvAppend} a head of the tokens of one panel at a time: the panel of K that their rows are
 * spread over, an element in every {@link dev.shardmark.kernels.gemm.MicroKernel#NR}, stays in L1.
 */
abstract class PanelwiseKvAppend implements KvAppend {
  private short[] rounded = new short[0];

  @Override
  public final void append(KvSequence sequence, Matrix k, Matrix v) {
    KvPool pool = sequence.pool();
    KvAppend.checkShapes(pool, k, v);
    if (rounded.length < pool.headDim()) {
      rounded = new short[pool.headDim()];
    }
    int first = sequence.extend(k.rows());
    for (int t = 0, some; t < k.rows(); t += some) {
      some = Math.min(k.rows() - t, NR - (first + t) % NR);
      int block = sequence.block((first + t) / pool.blockTokens());
      int token = (first + t) % pool.blockTokens();
      for (int h = 0; h < pool.kvHeads(); h++) {
        for (int i = 0; i < some; i++) {
          appendHead(pool, block, h, token + i, k, v, t + i);
        }
      }
    }
  }

  private void appendHead(KvPool pool, int block, int h, int token, Matrix k, Matrix v, int t) {
    int dim = pool.headDim();
    int kAt = k.offset() + t * k.rowStride() + h * dim;
    int vAt = v.offset() + t * v.rowStride() + h * dim;
    int panel = token / NR * pool.panelsOfToken();
    if (pool.storage() == KvStorage.BF16) {
      round(k.data(), kAt, rounded, 0, dim);
      spread(rounded, dim, pool.bf16KeyPanels(block, h), panel, Bf16.pairPlace(token % NR));
      short[][] strips = pool.bf16ValueStrips(block, h);
      round(v.data(), vAt, rounded, 0, dim);
      for (int d = 0; d < dim; d++) {
        strips[d / NR][Bf16.START + token * NR + Bf16.pairPlace(d % NR)] = rounded[d];
      }
    } else {
      spread(k.data(), kAt, dim, pool.keyPanels(block, h), panel, token % NR);
      float[][] strips = pool.valueStrips(block, h);
      for (int d = 0; d < dim; d += NR) {
        int at = AlignedFloats.START + token * NR;
        System.arraycopy(v.data(), vAt + d, strips[d / NR], at, Math.min(NR, dim - d));
      }
    }
  }

  private static void spread(float[] x, int from, int dim, float[][] panels, int first, int lane) {
    for (int d = 0; d < dim; d += KC) {
      float[] to = panels[first + d / KC];
      int steps = Math.min(KC, dim - d);
      for (int p = 0, at = AlignedFloats.START + lane; p < steps; p++, at += NR) {
        to[at] = x[from + d + p];
      }
    }
  }

  private static void spread(short[] x, int dim, short[][] panels, int first, int place) {
    for (int d = 0; d < dim; d += KC) {
      short[] to = panels[first + d / KC];
      int steps = Math.min(KC, dim - d);
      for (int p = 0, at = Bf16.START + place; p < steps; p++, at += NR) {
        to[at] = x[d + p];
      }
    }
  }

  /** Rounds {@code count} elements to bf16. */
  abstract void round(float[] x, int from, short[] to, int at, int count);
}
