package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.gemm.PackedVectorGemm;
import dev.shardmark.kernels.gemm.WeightFormat;
import dev.shardmark.kernels.peer.OneDnnPackedGemm;
import java.util.Arrays;

/** {@code C = A B} with copies of B that were packed beforehand, by variant and format. */
public interface PackedProduct {
  /** Multiplies by one of the copies. */
  void multiply(Matrix a, int copy, Matrix c);

  /** The values of B that a product is exact for. */
  Matrix weights();

  /** Products of a shape, with so many packed copies of b. */
  static PackedProduct of(Variant variant, WeightFormat format, Shape s, Matrix b, int copies) {
    check(variant, format);
    return variant == Variant.ONEDNN ? new OneDnn(s, b, copies) : new Own(format, b, copies);
  }

  /** Bytes of the heap that so many packed copies take: oneDNN keeps its own elsewhere. */
  static long heapBytes(Variant variant, WeightFormat format, Shape s, int copies) {
    check(variant, format);
    return variant == Variant.ONEDNN ? 0 : copies * PackedMatrix.bytes(s.k(), s.n(), format);
  }

  private static void check(Variant variant, WeightFormat format) {
    if (variant != Variant.VECTOR && variant != Variant.ONEDNN) {
      throw new IllegalArgumentException(
          "a product of packed weights must have variant [vector, onednn]: variant="
              + variant.parameter());
    }
    if (variant == Variant.ONEDNN && format != WeightFormat.FP32) {
      throw new IllegalArgumentException(
          "only variant=vector has weights other than fp32: variant=onednn weights="
              + format.parameter());
    }
  }

  /** {@link PackedVectorGemm}. */
  final class Own implements PackedProduct {
    private final PackedVectorGemm gemm = new PackedVectorGemm();
    private final PackedMatrix[] weights;

    private Own(WeightFormat format, Matrix b, int copies) {
      weights = new PackedMatrix[copies];
      Arrays.setAll(weights, i -> PackedMatrix.of(Op.PLAIN, b, format));
    }

    @Override
    public void multiply(Matrix a, int copy, Matrix c) {
      gemm.multiply(1, Op.PLAIN, a, weights[copy], 0, c);
    }

    @Override
    public Matrix weights() {
      return weights[0].unpacked();
    }
  }

  /** oneDNN's matmul. */
  final class OneDnn implements PackedProduct {
    private final OneDnnPackedGemm gemm;
    private final OneDnnPackedGemm.Weights[] weights;
    private final Matrix b;

    private OneDnn(Shape s, Matrix b, int copies) {
      this.b = b;
      gemm = new OneDnnPackedGemm(s.m(), s.n(), s.k());
      weights = new OneDnnPackedGemm.Weights[copies];
      Arrays.setAll(weights, i -> gemm.pack(Op.PLAIN, b));
    }

    @Override
    public void multiply(Matrix a, int copy, Matrix c) {
      gemm.multiply(a, weights[copy], c);
    }

    @Override
    public Matrix weights() {
      return b;
    }
  }
}
