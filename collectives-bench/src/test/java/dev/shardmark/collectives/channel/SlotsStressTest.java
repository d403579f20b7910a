package dev.shardmark.collectives.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of {@link Slots} under a race: whoever sees a flag sees all that was written before,
 * in plain words and plain fields alike.
 *
 * <p>As jcstress does it: one thread writes many slots, another looks at each once, both in the
 * same order and started together; every outcome is counted. A flag that is new beside a value that
 * is old is forbidden.
 */
class SlotsStressTest {
  private static final int SLOTS = 2048;
  private static final int WORD = 1;
  private static final Duration SOUND = Duration.ofSeconds(1);

  /** A broken order shows itself long before. */
  private static final Duration BROKEN = Duration.ofSeconds(20);

  private enum Order {
    SOUND,
    FLAG_BEFORE_VALUES,
    LOOKS_BEFORE_FLAG
  }

  private record Outcomes(long before, long after, long forbidden) {}

  @Test
  void aFlagIsNeverSeenWithoutWhatWasWrittenBefore() {
    Outcomes outcomes = race(Order.SOUND);
    assertThat(outcomes.forbidden()).isZero();
    assertThat(outcomes.before()).as("races that were lost").isPositive();
    assertThat(outcomes.after()).as("races that were won").isPositive();
  }

  /** What a compiler or a core might make of plain accesses. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOUND")
  @Tag("kill-list")
  void anotherOrderIsCaught(Order order) {
    assertThat(race(order).forbidden()).isPositive();
  }

  private static Outcomes race(Order order) {
    Slots slots = new Slots(SLOTS);
    int[] fields = new int[SLOTS];
    Slots turns = new Slots(2);
    AtomicReference<String> failure = new AtomicReference<>();
    AtomicLong last = new AtomicLong(Long.MAX_VALUE); // round
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int round = 1; meet(turns, 0, round) && round < last.get(); round++) {
                    write(slots, fields, round, order);
                  }
                });
    writer.setUncaughtExceptionHandler((thread, why) -> failure.set(why.toString()));
    long startNs = System.nanoTime();
    long[] counts = new long[3];
    long limitNs = (order == Order.SOUND ? SOUND : BROKEN).toNanos();
    for (int round = 1; ; round++) {
      if (System.nanoTime() - startNs > limitNs || order != Order.SOUND && counts[2] > 0) {
        last.set(round);
        meet(turns, 1, round);
        break;
      }
      meet(turns, 1, round);
      look(slots, fields, round, order, counts);
    }
    assertThat(failure.get()).isNull();
    return new Outcomes(counts[0], counts[1], counts[2]);
  }

  private static void write(Slots slots, int[] fields, int round, Order order) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (order == Order.FLAG_BEFORE_VALUES) {
        slots.publish(slot, round);
      }
      slots.setWord(slot, WORD, round);
      fields[slot] = round;
      if (order != Order.FLAG_BEFORE_VALUES) {
        slots.publish(slot, round);
      }
    }
  }

  private static void look(Slots slots, int[] fields, int round, Order order, long[] counts) {
    for (int slot = 0; slot < SLOTS; slot++) {
      boolean early = order == Order.LOOKS_BEFORE_FLAG;
      long word = early ? slots.word(slot, WORD) : 0;
      int field = early ? fields[slot] : 0;
      boolean isNew = slots.flag(slot) == round;
      word = early ? word : slots.word(slot, WORD);
      field = early ? field : fields[slot];
      counts[!isNew ? 0 : word == round && field == round ? 1 : 2]++;
    }
  }

  /** Both sides leave together; false if the other does not come. */
  private static boolean meet(Slots turns, int me, long round) {
    turns.publish(me, round);
    long startNs = System.nanoTime();
    while (turns.flag(1 - me) < round) {
      Thread.onSpinWait();
      if (System.nanoTime() - startNs > BROKEN.toNanos()) {
        return false;
      }
    }
    return true;
  }
}
