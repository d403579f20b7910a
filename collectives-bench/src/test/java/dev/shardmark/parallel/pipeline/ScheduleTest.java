package dev.shardmark.parallel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.parallel.pipeline.Schedule.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void contiguousStagesTakeTheStepsOfTheFormula(int p) {
    for (int m = 1; m <= 20; m++) {
      for (int f = 1; f <= m; f++) {
        Schedule s = Schedule.contiguous(p, m, f);
        assertThat(ScheduleCheck.fault(s)).isNull();
        assertThat(s.steps()).isEqualTo(Schedule.steps(p, m, f, 1));
        assertThat(s.peakInFlight()).isEqualTo(Math.min(f, p));
        if (f >= p || f == m) {
          assertThat(s.steps()).isEqualTo(m + p - 1);
          assertThat(1 - s.utilisation()).isCloseTo(Schedule.bubble(p, m, 1), within(1e-12));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void interleavedChunksTakeTheStepsOfTheFormula(int p) {
    for (int m = p; m <= 3 * p; m += p) {
      for (int v = 1; v <= 4; v++) {
        Schedule s = Schedule.interleaved(p, m, v);
        assertThat(ScheduleCheck.fault(s)).isNull();
        assertThat(s.steps()).isEqualTo(v * m + p - 1);
        assertThat(s.steps()).isEqualTo(Schedule.steps(p, m, v == 1 ? m : p, v));
        assertThat(s.peakInFlight()).isEqualTo(p);
        assertThat(1 - s.utilisation()).isCloseTo(Schedule.bubble(p, m, v), within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void fewerRequestsThanRanksKeepThatShareBusy(int p) {
    for (int f = 1; f <= 2 * p; f++) {
      Schedule s = Schedule.contiguous(p, 12 * f, f);
      int period = Math.max(f, p); // a window of whole periods, neither filling nor draining
      for (List<Slot> own : s.slots()) {
        long busy =
            own.stream().filter(x -> x.step() >= 3 * period && x.step() < 9 * period).count();
        assertThat(busy / (6.0 * period)).isEqualTo(Schedule.steadyUtilisation(p, f));
      }
    }
  }

  @Test
  void whatCannotBeScheduledIsRefused() {
    assertThatThrownBy(() -> Schedule.interleaved(4, 6, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("multiple of the ranks", "microBatches=6", "ranks=4");
    assertThatThrownBy(() -> Schedule.contiguous(2, 3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("requests in flight", "inFlight=4");
    assertThatThrownBy(() -> new LayerSplit(4, 8, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("deeper than its layers", "ranks=8", "layers=4");
    assertThatThrownBy(() -> new LayerSplit(7, 4, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("deeper than its layers", "chunks=2");
  }

  @Test
  void layersAreDealtOnceAndInOrder() {
    for (int p : new int[] {1, 2, 3, 4, 8}) {
      for (int v = 1; v <= 3; v++) {
        LayerSplit split = new LayerSplit(8 * 3 + 1, p, v);
        int next = 0;
        for (int chunk = 0; chunk < v; chunk++) {
          for (int rank = 0; rank < p; rank++) {
            assertThat(split.first(rank, chunk)).isEqualTo(next);
            assertThat(split.count(rank, chunk)).isPositive();
            next += split.count(rank, chunk);
          }
        }
        assertThat(next).isEqualTo(split.layers());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongSchedulesAreRejected(Wrong wrong) {
    assertThat(ScheduleCheck.fault(wrong.schedule())).isNotNull();
  }

  private enum Wrong {
    /** Micro-batches that are no multiple of the ranks, accepted by dropping the last few. */
    MU16_REMAINDER_DROPPED,
    /** Accepted by giving the last few the places of whole groups. */
    MU16_REMAINDER_SQUEEZED,
    MICRO_BATCH_TWICE,
    TWO_AT_ONCE,
    BEFORE_ITS_INPUT,
    CHUNKS_EXCHANGED,
    ENTERS_BEFORE_THE_ANSWER;

    Schedule schedule() {
      Schedule right = Schedule.interleaved(2, 4, 2);
      List<Slot> first = new ArrayList<>(right.slots().get(0));
      switch (this) {
        case MU16_REMAINDER_DROPPED -> {
          return new Schedule(2, 5, 2, 2, right.slots());
        }
        case MU16_REMAINDER_SQUEEZED -> {
          List<List<Slot>> slots = new ArrayList<>();
          for (int rank = 0; rank < 2; rank++) {
            List<Slot> own = new ArrayList<>(right.slots().get(rank));
            own.add(new Slot(8 + rank, 4, 0));
            own.add(new Slot(9 + rank, 4, 1));
            slots.add(own);
          }
          return new Schedule(2, 5, 2, 2, slots);
        }
        case MICRO_BATCH_TWICE -> first.set(1, new Slot(1, 0, 0));
        case TWO_AT_ONCE -> first.set(1, new Slot(0, 1, 0));
        case BEFORE_ITS_INPUT -> {
          List<Slot> second = new ArrayList<>();
          right
              .slots()
              .get(1)
              .forEach(x -> second.add(new Slot(x.step() - 1, x.microBatch(), x.chunk())));
          return new Schedule(2, 4, 2, 2, List.of(first, second));
        }
        case CHUNKS_EXCHANGED -> Collections.swap(first, 0, 2);
        case ENTERS_BEFORE_THE_ANSWER -> {
          return new Schedule(2, 4, 1, 1, Schedule.contiguous(2, 4, 4).slots());
        }
      }
      return new Schedule(2, 4, 2, 2, List.of(first, right.slots().get(1)));
    }
  }
}
