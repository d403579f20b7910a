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
import dev.shardmark.kernels.embedding.Embedding;
import dev.shardmark.kernels.embedding.ScalarEmbedding;
import dev.shardmark.kernels.embedding.VectorEmbedding;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.ScalarGemm;
import dev.shardmark.kernels.gemm.ScalarGroupedGemm;
import dev.shardmark.kernels.gemm.VectorGemm;
import dev.shardmark.kernels.gemm.VectorGroupedGemm;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.ScalarKvAppend;
import dev.shardmark.kernels.kvcache.VectorKvAppend;
import dev.shardmark.kernels.loss.CrossEntropy;
import dev.shardmark.kernels.loss.ScalarCrossEntropy;
import dev.shardmark.kernels.loss.VectorCrossEntropy;
import dev.shardmark.kernels.moe.Combine;
import dev.shardmark.kernels.moe.Router;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.kernels.moe.ScalarCombine;
import dev.shardmark.kernels.moe.ScalarRouter;
import dev.shardmark.kernels.moe.VectorCombine;
import dev.shardmark.kernels.moe.VectorRouter;
import dev.shardmark.kernels.norm.LayerNorm;
import dev.shardmark.kernels.norm.RmsNorm;
import dev.shardmark.kernels.norm.ScalarLayerNorm;
import dev.shardmark.kernels.norm.ScalarRmsNorm;
import dev.shardmark.kernels.norm.VectorLayerNorm;
import dev.shardmark.kernels.norm.VectorRmsNorm;
import dev.shardmark.kernels.peer.NetlibGemm;
import dev.shardmark.kernels.peer.OneDnnGemm;
import dev.shardmark.kernels.peer.OpenBlasGemm;
import dev.shardmark.kernels.peer.PeerUnavailableException;
import dev.shardmark.kernels.rope.HalfSplitVectorRope;
import dev.shardmark.kernels.rope.InterleavedVectorRope;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.kernels.rope.RopeLayout;
import dev.shardmark.kernels.rope.ScalarRope;
import dev.shardmark.kernels.sampling.BeamStep;
import dev.shardmark.kernels.sampling.Sampler;
import dev.shardmark.kernels.sampling.ScalarBeamStep;
import dev.shardmark.kernels.sampling.ScalarSampler;
import dev.shardmark.kernels.sampling.ScalarSpeculation;
import dev.shardmark.kernels.sampling.Speculation;
import dev.shardmark.kernels.sampling.VectorBeamStep;
import dev.shardmark.kernels.sampling.VectorSampler;
import dev.shardmark.kernels.sampling.VectorSpeculation;
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
      case ONEDNN -> new OneDnnGemm();
      case NETLIB -> new NetlibGemm();
    };
  }

  /** A multiply of rows sorted by group of this variant. */
  public static GroupedGemm groupedGemm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarGroupedGemm();
      case VECTOR -> new VectorGroupedGemm();
      default -> throw lacks(variant, "groupedGemm");
    };
  }

  /** A root-mean-square normalisation of this variant. */
  public static RmsNorm rmsNorm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarRmsNorm();
      case VECTOR -> new VectorRmsNorm();
      default -> throw lacks(variant, "rmsNorm");
    };
  }

  /** A layer normalisation of this variant. */
  public static LayerNorm layerNorm(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarLayerNorm();
      case VECTOR -> new VectorLayerNorm();
      default -> throw lacks(variant, "layerNorm");
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
      default -> throw lacks(variant, "rope");
    };
  }

  /** A softmax of this variant. */
  public static Softmax softmax(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarSoftmax();
      case VECTOR -> new ThreePassVectorSoftmax();
      default -> throw lacks(variant, "softmax");
    };
  }

  /** A gated activation of this variant. */
  public static SwiGlu swiGlu(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarSwiGlu();
      case VECTOR -> new VectorSwiGlu();
      default -> throw lacks(variant, "swiGlu");
    };
  }

  /** A Gaussian error linear unit of this variant and form. */
  public static Gelu gelu(Variant variant, GeluForm form) {
    return switch (variant) {
      case SCALAR -> new ScalarGelu(form);
      case VECTOR -> new VectorGelu(form);
      default -> throw lacks(variant, "gelu");
    };
  }

  /** A residual addition of this variant. */
  public static ResidualAdd residualAdd(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarResidualAdd();
      case VECTOR -> new VectorResidualAdd();
      default -> throw lacks(variant, "residualAdd");
    };
  }

  /** An attention of this variant. */
  public static Attention attention(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarAttention();
      case VECTOR -> new VectorAttention();
      default -> throw lacks(variant, "attention");
    };
  }

  /** A router of experts of this variant, by this rule. */
  public static Router router(Variant variant, RoutingRule rule) {
    return switch (variant) {
      case SCALAR -> new ScalarRouter(rule);
      case VECTOR -> new VectorRouter(rule);
      default -> throw lacks(variant, "router");
    };
  }

  /** A combination of the rows of experts of this variant. */
  public static Combine combine(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarCombine();
      case VECTOR -> new VectorCombine();
      default -> throw lacks(variant, "combine");
    };
  }

  /** An embedding lookup of this variant. */
  public static Embedding embedding(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarEmbedding();
      case VECTOR -> new VectorEmbedding();
      default -> throw lacks(variant, "embedding");
    };
  }

  /** A cross-entropy of this variant. */
  public static CrossEntropy crossEntropy(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarCrossEntropy();
      case VECTOR -> new VectorCrossEntropy();
      default -> throw lacks(variant, "crossEntropy");
    };
  }

  /** A sampler of this variant. */
  public static Sampler sampler(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarSampler();
      case VECTOR -> new VectorSampler();
      default -> throw lacks(variant, "sampler");
    };
  }

  /** A verifier of drafted tokens of this variant. */
  public static Speculation speculation(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarSpeculation();
      case VECTOR -> new VectorSpeculation();
      default -> throw lacks(variant, "speculation");
    };
  }

  /** A step of beam search of this variant. */
  public static BeamStep beamStep(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarBeamStep();
      case VECTOR -> new VectorBeamStep();
      default -> throw lacks(variant, "beamStep");
    };
  }

  /** An attention over a cache of this variant. */
  public static CachedAttention cachedAttention(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarCachedAttention();
      case VECTOR -> new VectorCachedAttention();
      default -> throw lacks(variant, "cachedAttention");
    };
  }

  /** An append to a cache of this variant. */
  public static KvAppend kvAppend(Variant variant) {
    return switch (variant) {
      case SCALAR -> new ScalarKvAppend();
      case VECTOR -> new VectorKvAppend();
      default -> throw lacks(variant, "kvAppend");
    };
  }

  private static IllegalArgumentException lacks(Variant variant, String kernel) {
    return new IllegalArgumentException(
        "a variant must have the kernel: variant=" + variant.parameter() + " kernel=" + kernel);
  }
}
