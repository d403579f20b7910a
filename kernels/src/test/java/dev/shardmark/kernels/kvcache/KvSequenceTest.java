package dev.shardmark.kernels.kvcache;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.math.Bf16;
import java.lang.reflect.Array;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks are handed out once, given back, and their elements lie as the pool says. */
final class KvSequenceTest {
  private static final int BLOCK = NR;

  @Test
  void takesABlockWhenTheLastOneIsFull() {
    int[] tokens = {0, 1, NR - 1, NR, NR + 1, 2 * NR, 2 * NR + 1};
    int[] blocks = {0, 1, 1, 1, 2, 2, 3};
    for (int i = 0; i < tokens.length; i++) {
      KvPool pool = new KvPool(KvStorage.FP32, 5, BLOCK, 2, 3);
      KvSequence atOnce = new KvSequence(pool);
      assertThat(atOnce.extend(tokens[i])).isZero();
      assertThat(5 - pool.freeBlocks()).isEqualTo(blocks[i]);
      atOnce.free();
      assertThat(pool.freeBlocks()).isEqualTo(5);
      for (int t = 0; t < tokens[i]; t++) {
        assertThat(atOnce.extend(1)).isEqualTo(t);
      }
      assertThat(5 - pool.freeBlocks()).isEqualTo(blocks[i]);
      assertThat(atOnce.tokens()).isEqualTo(tokens[i]);
    }
  }

  @Test
  void everyElementHasAPlaceOfItsOwnWhereThePoolSays() {
    for (int dim : new int[] {1, NR - 1, NR, NR + 1, 2 * KC + 3}) {
      KvPool pool = new KvPool(KvStorage.FP32, 3, 2 * NR, 2, dim);
      int length = 3 * 2 * 2 * NR * dim;
      for (int i = 0; i < length; i++) {
        int head = i / dim / (2 * NR);
        int t = i / dim % (2 * NR);
        int d = i % dim;
        int panel = t / NR * Math.ceilDiv(dim, KC) + d / KC;
        pool.keyPanels(head / 2, head % 2)[panel][START + d % KC * NR + t % NR] = i;
        pool.valueStrips(head / 2, head % 2)[d / NR][START + t * NR + d % NR] = -i;
      }
      int wrong = 0;
      for (int i = 0; i < length; i++) {
        int head = i / dim / (2 * NR);
        int t = i / dim % (2 * NR);
        wrong += pool.keyAt(head / 2, head % 2, t, i % dim) == i ? 0 : 1;
        wrong += pool.valueAt(head / 2, head % 2, t, i % dim) == -i ? 0 : 1;
      }
      assertThat(wrong).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(KvStorage.class)
  void panelsAreAsLongAsTheirElements(KvStorage storage) {
    KvPool pool = new KvPool(storage, 1, 2 * NR, 1, KC + 3);
    int[] keys = {KC * NR, 3 * NR, KC * NR, 3 * NR};
    int[] values = new int[Math.ceilDiv(KC + 3, NR)];
    Arrays.fill(values, 2 * NR * NR);
    if (storage == KvStorage.FP32) {
      assertThat(lengths(pool.keyPanels(0, 0), START)).isEqualTo(keys);
      assertThat(lengths(pool.valueStrips(0, 0), START)).isEqualTo(values);
    } else {
      assertThat(lengths(pool.bf16KeyPanels(0, 0), Bf16.START)).isEqualTo(keys);
      assertThat(lengths(pool.bf16ValueStrips(0, 0), Bf16.START)).isEqualTo(values);
    }
  }

  private static int[] lengths(Object[] panels, int start) {
    return Arrays.stream(panels).mapToInt(x -> Array.getLength(x) - start).toArray();
  }

  @Test
  void aFreedSequenceLeavesItsBlocksInTheirOrder() {
    KvPool pool = new KvPool(KvStorage.FP32, 3, BLOCK, 1, 1);
    KvSequence sequence = new KvSequence(pool);
    for (int i = 0; i < 2; i++) {
      sequence.extend(3 * BLOCK);
      assertThat(new int[] {sequence.block(0), sequence.block(1), sequence.block(2)})
          .containsExactly(0, 1, 2);
      sequence.free();
    }
  }

  @Test
  void aPoolWithoutEnoughBlocksSaysSoAndChangesNothing() {
    KvPool pool = new KvPool(KvStorage.FP32, 3, BLOCK, 1, 1);
    KvSequence first = new KvSequence(pool);
    first.extend(BLOCK + 1);
    KvSequence second = new KvSequence(pool);
    second.extend(5);
    assertThatThrownBy(() -> second.extend(2 * BLOCK - 4))
        .isInstanceOf(OutOfBlocksException.class)
        .hasMessage("the pool must have the blocks that new tokens need: needed=2 free=0 blocks=3");
    assertThat(second.tokens()).isEqualTo(5);
    assertThat(second.extend(BLOCK - 5)).isEqualTo(5);
    first.free();
    assertThat(second.extend(BLOCK + 1)).isEqualTo(BLOCK);
    assertThat(pool.freeBlocks()).isZero();
  }

  @Test
  void sequencesOfAContiguousPoolLieInOrder() {
    KvPool pool = KvPool.contiguous(KvStorage.FP32, 2, KC + 1, 1, 1);
    assertThat(pool.blockTokens()).isEqualTo(KC);
    for (int i = 0; i < 2; i++) {
      KvSequence sequence = new KvSequence(pool);
      sequence.extend(KC + 1);
      assertThat(sequence.block(0)).isEqualTo(2 * i);
      assertThat(sequence.block(1)).isEqualTo(2 * i + 1);
    }
    assertThat(pool.freeBlocks()).isZero();
    assertThat(KvPool.contiguous(KvStorage.FP32, 1, 0, 1, 1).blocks()).isZero();
  }

  @Test
  void refusesCountsThatMakeNoPool() {
    for (int blockTokens : new int[] {-NR, 0, NR + 1, KC + NR}) {
      assertThatThrownBy(() -> new KvPool(KvStorage.FP32, 1, blockTokens, 1, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "blockTokens must be a positive multiple of %d and at most 256: blockTokens=%d",
              NR, blockTokens);
    }
    assertThatThrownBy(() -> new KvPool(KvStorage.FP32, -1, BLOCK, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counts must not be negative: blocks=-1 kvHeads=1 headDim=1");
    assertThatThrownBy(() -> new KvPool(KvStorage.BF16, 1 << 28, BLOCK, 8, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blocks * kvHeads must be at most 2^29: blocks=268435456 kvHeads=8 headDim=0");
    assertThatThrownBy(() -> new KvSequence(new KvPool(KvStorage.FP32, 1, BLOCK, 1, 1)).extend(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("new tokens must not be negative: count=-1");
    assertThatThrownBy(() -> KvStorage.of("int8"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("storage must be one of [fp32, bf16]: storage=int8");
  }

  @Test
  void refusesCountsThatNoPoolHolds() {
    assertThatThrownBy(() -> KvPool.contiguous(KvStorage.FP32, 1, -1, 2, 8))
        .hasMessage("counts must not be negative: sequences=1 tokens=-1");
    assertThatThrownBy(() -> KvPool.contiguous(KvStorage.FP32, 1 << 30, 1 << 30, 2, 8))
        .hasMessageStartingWith("blocks * kvHeads must be at most 2^29");
  }
}
