package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/**
 * {@link Attention} for many queries: K and V of a head are packed into panels once, and {@value
 * #ROWS} queries at a time pass over blocks of {@value #KEYS} keys, see {@link PanelAttention}.
 *
 * <p>A block of K and V, the queries, their scores, weights and O share the L2. All query heads of
 * a key head are rows alike. Scratch belongs to the instance and grows to the largest call.
 */
final class TiledVectorAttention implements Attention {
  /** Keys of a block: a multiple of NR for every vector. */
  private static final int KEYS = 128;

  private static final int ROWS = 96;

  private final PanelAttention panels = new PanelAttention();
  private final WidePanels.Fp32 keys = new WidePanels.Fp32();
  private final WidePanels.Fp32 values = new WidePanels.Fp32();
  private float[][] packedK = new float[0][];
  private float[][] packedV = new float[0][];

  @Override
  public void attend(float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    Attention.checkShapes(q, k, v, o, lse);
    if (q.heads() == 0 || q.tokens() == 0) {
      return;
    }
    int dim = q.headDim();
    int depths = PanelAttention.depths(dim);
    int strips = PanelAttention.strips(dim);
    int blocks = Math.ceilDiv(k.tokens(), KEYS);
    packedK =
        grown(packedK, Math.multiplyExact(blocks, KEYS / NR * depths), Math.min(dim, KC) * NR);
    packedV = grown(packedV, Math.multiplyExact(blocks, strips), KEYS * NR);
    keys.of(packedK);
    values.of(packedV);
    int together = Math.max(1, ROWS / (q.heads() / k.heads()));
    for (int kvHead = 0; kvHead < k.heads(); kvHead++) {
      packKeys(k, kvHead, packedK);
      packValues(v, kvHead, packedV);
      for (int token = 0; token < q.tokens(); token += together) {
        int tokens = Math.min(together, q.tokens() - token);
        panels.start(false, scale, causal, q, token, tokens, kvHead, k.heads(), k.tokens());
        int most = Attention.visible(token + tokens - 1, q.tokens(), k.tokens(), causal);
        for (int first = 0; first < most; first += KEYS) {
          int block = first / KEYS;
          int length = Math.min(KEYS, most - first);
          int panel = block * (KEYS / NR * depths);
          panels.keys(first, 0, length, keys, panel, values, block * strips);
        }
        panels.store(o, lse);
      }
    }
  }

  /** Panels of NR keys: [element][key], at most KC elements in one. */
  private static void packKeys(Heads k, int head, float[][] to) {
    int depths = PanelAttention.depths(k.headDim());
    for (int j = 0; j < k.tokens(); j++) {
      int from = k.index(j, head);
      for (int d = 0; d < k.headDim(); d += KC) {
        int steps = Math.min(KC, k.headDim() - d);
        spread(k.data(), from + d, steps, to[j / NR * depths + d / KC], START + j % NR);
      }
    }
  }

  private static void spread(float[] from, int at, int length, float[] to, int toAt) {
    for (int d = 0; d < length; d++) {
      to[toAt + d * NR] = from[at + d];
    }
  }

  /** Strips of NR elements: [key][element]. */
  private static void packValues(Heads v, int head, float[][] to) {
    int strips = PanelAttention.strips(v.headDim());
    for (int j = 0; j < v.tokens(); j++) {
      int from = v.index(j, head);
      int at = START + j % KEYS * NR;
      for (int s = 0; s < strips; s++) {
        int length = Math.min(NR, v.headDim() - s * NR);
        System.arraycopy(v.data(), from + s * NR, to[j / KEYS * strips + s], at, length);
      }
    }
  }

  /** Panels of at least this length; a shorter one from an earlier call is replaced. */
  private static float[][] grown(float[][] panels, int count, int length) {
    float[][] more = panels.length >= count ? panels : Arrays.copyOf(panels, count);
    for (int i = 0; i < count; i++) {
      if (more[i] == null || more[i].length < START + length) {
        more[i] = AlignedFloats.allocate(length);
      }
    }
    return more;
  }
}
