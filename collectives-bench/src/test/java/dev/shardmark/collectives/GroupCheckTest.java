package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The verdict names the first rank that sees something wrong, and counts what all ranks see. */
class GroupCheckTest {
  @Test
  void namesTheFirstAndCountsAll() {
    try (RankGroup group = RankGroup.open(3, Duration.ofSeconds(20))) {
      GroupCheck check = new GroupCheck(group, Operation.BARRIER, "length=9");
      check.verify(rank -> expecting(9));
      assertThatThrownBy(() -> check.verify(rank -> expecting(9 - rank.rank())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "barrier central ranks=3 length=9 rank=1: result is wrong: element=8 got=8.0"
                  + " expected=0.0; 3 elements are wrong on all ranks");
    }
  }

  private static Runnable expecting(int right) {
    GuardedBuffer buffer = new GuardedBuffer(9, i -> i);
    return () -> buffer.verify("result", i -> i < right ? i : 0);
  }
}
