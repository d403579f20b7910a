package dev.shardmark.kernels.layer;

import java.util.Locale;

/**
 * The operations of a layer, in order; what a layer does not have it leaves out. Then those before
 * the first layer and behind the last.
 */
public enum LayerOperation {
  INPUT_NORM(Part.REST),
  QKV(Part.PRODUCT),
  /** A norm over each head of queries and keys, as Qwen3 has. */
  HEAD_NORM(Part.REST),
  ROPE(Part.REST),
  KV_APPEND(Part.REST),
  ATTENTION(Part.ATTENTION),
  O(Part.PRODUCT),
  /** The residual addition and the norm behind it, in one pass. */
  MLP_NORM(Part.REST),
  ROUTER(Part.PRODUCT),
  ROUTE(Part.REST),
  PERMUTE(Part.REST),
  GATE_UP(Part.PRODUCT),
  SWIGLU(Part.REST),
  DOWN(Part.PRODUCT),
  COMBINE(Part.REST),
  RESIDUAL(Part.REST),
  EMBEDDING(Part.REST),
  LM_HEAD(Part.PRODUCT),
  CROSS_ENTROPY(Part.REST);

  /** What kind of work an operation is. */
  public enum Part {
    /** A matrix product by weights. */
    PRODUCT,
    ATTENTION,
    REST;

    /** The name in results, in lower case. */
    public String parameter() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Part part;

  LayerOperation(Part part) {
    this.part = part;
  }

  public Part part() {
    return part;
  }

  /** The name in results, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
