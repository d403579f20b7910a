package dev.shardmark.kernels.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Blocks are handed out once, given back, and their elements lie as the pool says. */
final class KvSequenceTest {
  private static final int BLOCK = 16;

  @Test
  void takesABlockWhenTheLastOneIsFull() {
    int[] tokens = {0, 1, 15, 16, 17, 32, 33};
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
  void noTwoElementsShareAPlace() {
    KvPool pool = new KvPool(KvStorage.BF16, 4, 4, 2, 3);
    KvSequence a = new KvSequence(pool);
    KvSequence b = new KvSequence(pool);
    for (int t = 0; t < 8; t++) {
      a.extend(1);
      b.extend(1);
    }
    Set<Integer> places = new HashSet<>();
    for (KvSequence sequence : new KvSequence[] {a, b}) {
      for (int t = 0; t < 8; t++) {
        for (int h = 0; h < 2; h++) {
          for (int d = 0; d < 3; d++) {
            assertThat(places.add(sequence.index(t, h) + d)).isTrue();
          }
        }
      }
    }
    assertThat(places).allMatch(at -> at >= 0 && at < pool.bf16Keys().length);
  }

  @Test
  void aHeadOfABlockIsInARow() {
    KvSequence sequence = new KvSequence(new KvPool(KvStorage.FP32, 2, BLOCK, 4, 8));
    sequence.extend(20);
    assertThat(sequence.index(7, 2)).isEqualTo(sequence.index(0, 2) + 7 * 8);
    assertThat(sequence.run(3, 100)).isEqualTo(13);
    assertThat(sequence.run(16, 4)).isEqualTo(4);
  }

  @Test
  void aPoolWithoutEnoughBlocksSaysSoAndChangesNothing() {
    KvPool pool = new KvPool(KvStorage.FP32, 3, BLOCK, 1, 1);
    KvSequence first = new KvSequence(pool);
    first.extend(17);
    KvSequence second = new KvSequence(pool);
    second.extend(5);
    assertThatThrownBy(() -> second.extend(28))
        .isInstanceOf(OutOfBlocksException.class)
        .hasMessage("the pool must have the blocks that new tokens need: needed=2 free=0 blocks=3");
    assertThat(second.tokens()).isEqualTo(5);
    assertThat(second.extend(11)).isEqualTo(5);
    first.free();
    assertThat(second.extend(17)).isEqualTo(16);
    assertThat(pool.freeBlocks()).isZero();
  }

  @Test
  void aContiguousPoolGivesASequenceOneBlock() {
    KvPool pool = KvPool.contiguous(KvStorage.FP32, 2, 17, 1, 1);
    KvSequence sequence = new KvSequence(pool);
    sequence.extend(17);
    assertThat(pool.freeBlocks()).isEqualTo(1);
    assertThat(pool.blockTokens()).isEqualTo(20);
    assertThat(KvPool.contiguous(KvStorage.FP32, 1, 0, 1, 1).blockTokens()).isEqualTo(4);
  }

  @Test
  void refusesCountsThatMakeNoPool() {
    assertThatThrownBy(() -> new KvPool(KvStorage.FP32, 1, 6, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blockTokens must be a positive multiple of 4: blockTokens=6");
    assertThatThrownBy(() -> new KvPool(KvStorage.FP32, -1, 16, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counts must not be negative: blocks=-1 kvHeads=1 headDim=1");
    assertThatThrownBy(() -> new KvPool(KvStorage.BF16, 1 << 20, 1 << 10, 8, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a buffer holds 0 to 2^31");
    assertThatThrownBy(() -> new KvSequence(new KvPool(KvStorage.FP32, 1, 4, 1, 1)).extend(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("new tokens must not be negative: count=-1");
    assertThatThrownBy(() -> KvStorage.of("int8"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("storage must be one of [fp32, bf16]: storage=int8");
  }
}
