package dev.shardmark.kernels;

import dev.shardmark.kernels.activation.Gelu;
import dev.shardmark.kernels.activation.GeluForm;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.activation.ScalarGelu;
import dev.shardmark.kernels.activation.ScalarResidualAdd;
import dev.shardmark.kernels.activation.ScalarSwiGlu;
import dev.shardmark.kernels.activation.SwiGlu;
import dev.shardmark.kernels.activation.VectorGelu;
import dev.shardmark.kernels.activation.VectorResidualAdd;
import dev.shardmark.kernels.activation.VectorSwiGlu;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.ScalarAttention;
import dev.shardmark.kernels.attention.ScalarCachedAttention;
import dev.shardmark.kernels.attention.VectorAttention;
import dev.shardmark.kernels.attention.VectorCachedAttention;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.ScalarGemm;
import dev.shardmark.kernels.gemm.VectorGemm;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.ScalarKvAppend;
import dev.shardmark.kernels.kvcache.VectorKvAppend;
import dev.shardmark.kernels.norm.LayerNorm;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.norm.ScalarLayerNorm;
import dev.shardmark.kernels.norm.ScalarRmsNorm;
import dev.shardmark.kernels.norm.VectorLayerNorm;
import dev.shardmark.kernels.norm.VectorRmsNorm;
import dev.shardmark.kernels.peer.OpenBlasGemm;
import dev.shardmark.kernels.peer.PeerUnavailableException;
import dev.shardmark.kernels.rope.HalfSplitVectorRope;
import dev.shardmark.kernels.rope.InterleavedVectorRope;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.kernels.rope.RopeLayout;
import dev.shardmark.kernels.rope.ScalarRope;
import dev.shardmark.kernels.softmax.ScalarSoftmax;
import dev.shardmark.kernels.softmax.Softmax;
import dev.shardmark.kernels.softmax.ThreePassVectorSoftmax;

/** Selection: a new kernel of the asked variant, never another. One instance per rank. */
public final class Kernels {
  private Kernels() {}

  /**
   * A matrix multiply of this variant.
   *
   * @throws PeerUnavailableException one sentence, if the variant's library is not here
   */
  public static Gemm gemm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarGemm();
      case VECTOR -> new VectorGemm();
      case OPENBLAS -> new OpenBlasGemm();
    };
  }

  /** A root-mean-square normalisation of this variant. */
  public static RmsNorm rmsNorm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarRmsNorm();
      case VECTOR -> new VectorRmsNorm();
      case OPENBLAS -> throw lacks(variant, "rmsNorm");
    };
  }

  /** A layer normalisation of this variant. */
  public static LayerNorm layerNorm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarLayerNorm();
      case VECTOR -> new VectorLayerNorm();
      case OPENBLAS -> throw lacks(variant, "layerNorm");
    };
  }

  /** A rotary embedding of this variant, for pairs laid out like this. */
  public static Rope rope(Variant variant, RopeLayout layout) {
    return switch (variant) {
      case SCALAR -> new ScalarRope(layout);
      case VECTOR ->
          switch (layout) {
            case INTERLEAVED -> new InterleavedVectorRope();
            case HALF_SPLIT -> new HalfSplitVectorRope();
          };
      case OPENBLAS -> throw lacks(variant, "rope");
    };
  }

  /** A softmax of this variant. */
  public static Softmax softmax(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarSoftmax();
      case VECTOR -> new ThreePassVectorSoftmax();
      case OPENBLAS -> throw lacks(variant, "softmax");
    };
  }

  /** A gated activation of this variant. */
  public static SwiGlu swiGlu(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarSwiGlu();
      case VECTOR -> new VectorSwiGlu();
      case OPENBLAS -> throw lacks(variant, "swiGlu");
    };
  }

  /** A Gaussian error linear unit of this variant and form. */
  public static Gelu gelu(Variant variant, GeluForm form) {
    return switch (variant) {
      case SCALAR -> new ScalarGelu(form);
      case VECTOR -> new VectorGelu(form);
      case OPENBLAS -> throw lacks(variant, "gelu");
    };
  }

  /** A residual addition of this variant. */
  public static ResidualAdd residualAdd(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarResidualAdd();
      case VECTOR -> new VectorResidualAdd();
      case OPENBLAS -> throw lacks(variant, "residualAdd");
    };
  }

  /** An attention of this variant. */
  public static Attention attention(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarAttention();
      case VECTOR -> new VectorAttention();
      case OPENBLAS -> throw lacks(variant, "attention");
    };
  }

  /** An attention over a cache of this variant. */
  public static CachedAttention cachedAttention(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarCachedAttention();
      case VECTOR -> new VectorCachedAttention();
      case OPENBLAS -> throw lacks(variant, "cachedAttention");
    };
  }

  /** An append to a cache of this variant. */
  public static KvAppend kvAppend(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarKvAppend();
      case VECTOR -> new VectorKvAppend();
      case OPENBLAS -> throw lacks(variant, "kvAppend");
    };
  }

  private static IllegalArgumentException lacks(Variant variant, String kernel) {
    return new IllegalArgumentException(
        "a variant must have the kernel: variant=" + variant.parameter() + " kernel=" + kernel);
  }
}
