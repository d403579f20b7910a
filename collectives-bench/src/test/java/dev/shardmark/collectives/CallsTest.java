package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CallsTest {
  private static final long BARRIER = Call.of(Operation.BARRIER, 0, 0);
  private static final long SUM_8 = sum(8);
  private static final int[] WORLD = {4, 7}; // as in a part of a group

  private static long sum(int length) {
    return Call.of(Operation.ALL_REDUCE, Float.BYTES, length, ReduceOp.SUM, 0);
  }

  @Test
  void equalCallsAgree() {
    Calls calls = new Calls(2);
    for (int call = 0; call < 100; call++) {
      calls.begin(0, sum(call));
      calls.begin(1, sum(call));
      calls.check(0, WORLD);
      calls.check(1, WORLD);
    }
    assertThat(calls.last(0)).isEqualTo(sum(99));
  }

  @Test
  void aRankThatHasNotComeYetIsNotCompared() {
    Calls calls = new Calls(2);
    calls.begin(0, SUM_8);
    calls.begin(1, SUM_8);
    calls.begin(0, BARRIER);
    assertThatNoException().isThrownBy(() -> calls.check(0, WORLD));
    assertThatNoException().isThrownBy(() -> calls.check(1, WORLD));
  }

  @Test
  void differentCallsAreNamedWithBothRanks() {
    Calls calls = new Calls(2);
    calls.begin(0, SUM_8);
    calls.begin(1, BARRIER);
    assertThatThrownBy(() -> calls.check(0, WORLD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "ranks must call the same collective: rank 4 calls all_reduce(sum) of 8 fp32, rank 7"
                + " barrier");
    assertThatThrownBy(() -> calls.check(1, WORLD))
        .hasMessageEndingWith("rank 7 calls barrier, rank 4 all_reduce(sum) of 8 fp32");
  }

  @Test
  void aDifferenceIsFoundWhenOneIsAhead() {
    Calls calls = new Calls(2);
    calls.begin(0, SUM_8);
    calls.begin(1, sum(0));
    calls.begin(1, BARRIER);
    assertThatThrownBy(() -> calls.check(0, WORLD))
        .hasMessageEndingWith("rank 7 all_reduce(sum) of 0 fp32");
  }

  @Test
  void aDifferenceIsFoundLaterToo() {
    Calls calls = new Calls(2);
    calls.begin(0, SUM_8);
    calls.begin(1, sum(0));
    calls.begin(0, BARRIER);
    calls.begin(1, BARRIER);
    assertThatThrownBy(() -> calls.check(0, WORLD))
        .hasMessageEndingWith(
            "rank 4 calls all_reduce(sum) of 8 fp32, rank 7 all_reduce(sum) of 0 fp32");
  }

  @Test
  void whatIsKeptNoLongerIsNotCompared() {
    Calls calls = new Calls(2);
    calls.begin(0, SUM_8);
    for (int call = 0; call < 20; call++) {
      calls.begin(1, BARRIER);
    }
    assertThatNoException().isThrownBy(() -> calls.check(0, WORLD));
  }

  @Test
  void resetForgets() {
    Calls calls = new Calls(2);
    calls.begin(0, SUM_8);
    calls.reset();
    calls.begin(0, BARRIER);
    calls.begin(1, BARRIER);
    assertThatNoException().isThrownBy(() -> calls.check(0, WORLD));
  }

  @Test
  void wordsNameAllThatRanksMustAgreeOn() {
    assertThat(Call.words(BARRIER)).isEqualTo("barrier");
    assertThat(Call.words(Call.of(Operation.ALL_REDUCE, Short.BYTES, 3, ReduceOp.MIN, 0)))
        .isEqualTo("all_reduce(min) of 3 bf16");
    assertThat(Call.words(Call.of(Operation.REDUCE, Float.BYTES, 3, ReduceOp.MAX, 2)))
        .isEqualTo("reduce(max) of 3 fp32 with root 2");
    assertThat(Call.words(Call.of(Operation.BROADCAST, Float.BYTES, 0, null, 0)))
        .isEqualTo("broadcast of 0 fp32 with root 0");
    assertThat(Call.words(Call.of(Operation.ALL_GATHER, Float.BYTES, Integer.MAX_VALUE)))
        .isEqualTo("all_gather of 2147483647 fp32");
    assertThat(Call.words(Call.of(Operation.ALL_TO_ALL_V, Float.BYTES, 0)))
        .isEqualTo("all_to_all_v of fp32");
    assertThat(Call.words(Call.of(Operation.SEND, Float.BYTES, 0))).isEqualTo("send or receive");
  }

  @Test
  void everyPartOfACallCounts() {
    assertThat(
            new long[] {
              sum(8),
              sum(9),
              Call.of(Operation.ALL_REDUCE, Short.BYTES, 8, ReduceOp.SUM, 0),
              Call.of(Operation.ALL_REDUCE, Float.BYTES, 8, ReduceOp.MAX, 0),
              Call.of(Operation.REDUCE, Float.BYTES, 8, ReduceOp.SUM, 0),
              Call.of(Operation.REDUCE, Float.BYTES, 8, ReduceOp.SUM, 1),
              Call.of(Operation.BROADCAST, Float.BYTES, 8)
            })
        .doesNotHaveDuplicates();
  }
}
