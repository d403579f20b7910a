package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.peer.PeerUnavailableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant and every path of {@link Gemm} against the reference. */
final class GemmTest {
  private static final float[] BETAS = {0, 1, -0.5f};

  /** Each implementation, the blocked one with blocks small enough to have several. */
  static Stream<String> names() {
    return gemms().keySet().stream();
  }

  private static Map<String, Gemm> gemms() {
    Map<String, Gemm> gemms = new LinkedHashMap<>();
    gemms.put("scalar", Kernels.gemm(Variant.SCALAR));
    gemms.put("vector", Kernels.gemm(Variant.VECTOR));
    gemms.put("unpacked", new VectorGemm(Integer.MAX_VALUE));
    PackedVectorGemm packed = new PackedVectorGemm();
    gemms.put(
        "packed beforehand",
        (al, oa, a, ob, b, be, c) -> packed.multiply(al, oa, a, PackedMatrix.of(ob, b), be, c));
    for (Variant peer : Variant.PEERS) {
      try {
        gemms.put(peer.parameter(), Kernels.gemm(peer));
      } catch (PeerUnavailableException e) {
        continue; // a peer may be absent; what is left is the project's own
      }
    }
    for (MicroKernel kernel :
        List.of(
            new MicroKernel1x2(),
            new MicroKernel2x2(),
            new MicroKernel4x2(),
            new MicroKernel6x2(),
            new StreamKernel6x2(),
            new MicroKernel12x2())) {
      String name = kernel.getClass().getSimpleName();
      Blocking small = new Blocking(2 * kernel.rows(), MicroKernel.NR, 7, 2 * MicroKernel.NR);
      gemms.put(name + " small blocks", new BlockedVectorGemm(kernel, small));
      gemms.put(name + " ragged blocks", new BlockedVectorGemm(kernel, new Blocking(5, 3, 6, 11)));
    }
    return gemms;
  }

  @ParameterizedTest
  @MethodSource("names")
  void agreesWithTheReferenceAroundLanesTilesAndBlocks(String name) {
    Gemm gemm = gemms().get(name);
    MicroKernel tile = MicroKernel.best();
    int mr = tile.rows();
    int nr = MicroKernel.NR;
    int[] ms = {0, 1, 2, 3, mr - 1, mr, mr + 1, 2 * mr + 1, VectorGemm.PACKED_FROM_ROWS};
    int[] ns = {
      0, 1, 3, LANES - 1, LANES, LANES + 1, 2 * LANES + 3, nr - 1, nr, nr + 1, 2 * nr + 5
    };
    int[] ks = {0, 1, 3, 4, 6, 7, 8, 15};
    List<String> faults = new ArrayList<>();
    for (int m : ms) {
      for (int n : ns) {
        for (int k : ks) {
          for (float beta : BETAS) {
            String fault = GemmHarness.fault(gemm, m, n, k, 1, beta, (m + n + k) % 2 == 0, 42);
            if (fault != null) {
              faults.add(fault);
            }
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void scalesByAlphaAndBeta(String name) {
    for (float alpha : new float[] {0, 1, -2.5f, 1e-3f}) {
      for (float beta : BETAS) {
        assertThat(GemmHarness.fault(gemms().get(name), 13, 37, 9, alpha, beta, true, 7)).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsOperandsTransposed(String name) {
    Gemm gemm = gemms().get(name);
    int mr = MicroKernel.best().rows();
    List<String> faults = new ArrayList<>();
    for (Op opA : Op.values()) {
      for (Op opB : Op.values()) {
        for (int m : new int[] {1, 2, 3, mr, mr + 1, 2 * mr + 1}) {
          for (int n : new int[] {1, 4, 5, MicroKernel.NR, MicroKernel.NR + 1}) {
            for (int k : new int[] {0, 1, LANES, 2 * LANES + 3, 4 * LANES + 1}) {
              float beta = BETAS[(m + n + k) % BETAS.length];
              String fault = GemmHarness.fault(gemm, opA, opB, m, n, k, 1.5f, beta, false, 5);
              if (fault != null) {
                faults.add(fault);
              }
            }
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void refusesTransposedShapesThatDisagree() {
    assertThatThrownBy(
            () ->
                new VectorGemm()
                    .multiply(
                        1,
                        Op.TRANSPOSED,
                        Matrix.zeros(3, 4),
                        Op.PLAIN,
                        Matrix.zeros(4, 2),
                        0,
                        Matrix.zeros(3, 2)))
        .hasMessage("shapes disagree: op(A) is 4x3, op(B) is 4x2, C is 3x2");
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void agreesOnOddAndRandomShapes(Variant variant) {
    long seed = 20261123;
    SplittableRandom random = new SplittableRandom(seed);
    Gemm gemm = Kernels.gemm(variant);
    int[][] shapes = {{127, 65, 259}, {97, 127, 31}, {1, 511, 257}, {170, 49, 513}, {13, 600, 5}};
    for (int[] s : shapes) {
      assertThat(GemmHarness.fault(gemm, s[0], s[1], s[2], 1, 0, false, seed)).isNull();
    }
    for (int i = 0; i < 5; i++) {
      int m = 1 + random.nextInt(90);
      int n = 1 + random.nextInt(200);
      int k = 1 + random.nextInt(300);
      assertThat(GemmHarness.fault(gemm, m, n, k, -1, 0.5f, true, seed + i)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void multiplyingByTheIdentityChangesNoBit(String name) {
    SplittableRandom random = new SplittableRandom(3);
    Matrix a = TestMatrices.padded(17, 21, random);
    Matrix identity = Matrix.zeros(21, 21);
    for (int i = 0; i < 21; i++) {
      identity.data()[identity.offset() + 22 * i] = 1;
    }
    Matrix c = TestMatrices.nan(17, 21);
    gemms().get(name).multiply(1, a, identity, 0, c);
    for (int i = 0; i < 17; i++) {
      for (int j = 0; j < 21; j++) {
        assertThat(c.at(i, j)).isEqualTo(a.at(i, j));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void givesTheSameBitsTwiceFromOneInstance(String name) {
    SplittableRandom random = new SplittableRandom(4);
    Gemm gemm = gemms().get(name);
    Matrix a = TestMatrices.padded(40, 30, random);
    Matrix b = TestMatrices.padded(30, 50, random);
    Matrix first = TestMatrices.nan(40, 50);
    gemm.multiply(1, a, b, 0, first);
    Matrix other = TestMatrices.nan(9, 50); // a smaller call in between must leave nothing behind
    gemm.multiply(1, new Matrix(a.data(), a.offset(), 9, 30, a.rowStride()), b, 0, other);
    Matrix second = TestMatrices.nan(40, 50);
    gemm.multiply(1, a, b, 0, second);
    assertThat(second.data()).isEqualTo(first.data());
  }

  @ParameterizedTest
  @MethodSource("names")
  void refusesShapesThatDisagree(String name) {
    assertThatThrownBy(
            () ->
                gemms()
                    .get(name)
                    .multiply(1, Matrix.zeros(3, 4), Matrix.zeros(5, 2), 0, Matrix.zeros(3, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("shapes disagree: op\\(A\\) is 3x4, (op\\(B\\)|B) is 5x2, C is 3x2");
  }

  @Test
  void countsTheWork() {
    assertThat(Gemm.work(2, 3, 5).flop()).isEqualTo(60);
    assertThat(Gemm.work(2, 3, 5).bytes()).isEqualTo(4 * (10 + 15 + 6));
  }
}
