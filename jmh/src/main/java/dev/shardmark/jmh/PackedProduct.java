package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.gemm.PackedVectorGemm;
import dev.shardmark.kernels.peer.OneDnnPackedGemm;
import java.util.Arrays;

/** {@code C = A B} with copies of B that were packed beforehand, by variant. */
public interface PackedProduct {
  /** Multiplies by one of the copies. */
  void multiply(Matrix a, int copy, Matrix c);

  /** Products of a shape, with so many packed copies of b. */
  static PackedProduct of(Variant variant, Shape s, Matrix b, int copies) {
    checkVariant(variant);
    if (variant == Variant.ONEDNN) {
      OneDnnPackedGemm gemm = new OneDnnPackedGemm(s.m(), s.n(), s.k());
      OneDnnPackedGemm.Weights[] weights = new OneDnnPackedGemm.Weights[copies];
      Arrays.setAll(weights, i -> gemm.pack(Op.PLAIN, b));
      return (a, copy, c) -> gemm.multiply(a, weights[copy], c);
    }
    PackedVectorGemm gemm = new PackedVectorGemm();
    PackedMatrix[] weights = new PackedMatrix[copies];
    Arrays.setAll(weights, i -> PackedMatrix.of(Op.PLAIN, b));
    return (a, copy, c) -> gemm.multiply(1, Op.PLAIN, a, weights[copy], 0, c);
  }

  /** Bytes of the heap that so many packed copies take: oneDNN keeps its own elsewhere. */
  static long heapBytes(Variant variant, Shape s, int copies) {
    checkVariant(variant);
    return variant == Variant.ONEDNN ? 0 : copies * PackedMatrix.bytes(s.k(), s.n());
  }

  private static void checkVariant(Variant variant) {
    if (variant != Variant.VECTOR && variant != Variant.ONEDNN) {
      throw new IllegalArgumentException(
          "a product of packed weights must have variant [vector, onednn]: variant="
              + variant.parameter());
    }
  }
}
