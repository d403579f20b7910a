package dev.shardmark.collectives.tuning;

import static dev.shardmark.collectives.Operation.ALL_REDUCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.tuning.Thresholds.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
  private final List<SweepPoint> points = new ArrayList<>();

  /** Times at 4, 16, 64, ... bytes; NaN where there is none. */
  private ThresholdsTest with(String algorithm, double... times) {
    long bytes = 4;
    for (double ns : times) {
      if (!Double.isNaN(ns)) {
        points.add(Points.of(ALL_REDUCE, algorithm, 2, bytes, ns));
      }
      bytes *= 4;
    }
    return this;
  }

  private String found() {
    return Thresholds.measured(points).sentence();
  }

  @Test
  void theFastestOfEachSizeAndNeighboursAsOne() {
    with("one_shot", 100, 110, 200, 900, 4000);
    with("direct", 200, 210, 220, 300, 1000);
    with("ring", 300, 310, 320, 400, 900);
    assertThat(found()).isEqualTo("from 4 one_shot, from 256 direct, from 1024 ring");
  }

  @Test
  void aSizeOnlyOneAlgorithmHasGoesToIt() {
    with("direct", Double.NaN, 100, 100);
    with("ring", 500, 500, Double.NaN);
    assertThat(found()).isEqualTo("from 4 ring, from 16 direct");
  }

  @Test
  void whereTheyAreTheSameAsFewSwitchesAsCanBe() {
    with("direct", 100, 100, 300, 100);
    with("ring", 300, 100, 100, 100);
    assertThat(found()).isEqualTo("from 4 direct, from 64 ring");
    points.clear();
    with("direct", 101, 100, 101).with("ring", 100, 102.5, 100); // within the noise
    assertThat(found()).isEqualTo("from 4 direct"); // its product is less
    points.clear();
    with("ring", 100, 100).with("direct", 100, 100);
    assertThat(found()).isEqualTo("from 4 ring"); // the first
  }

  @Test
  void whatIsClearlyFasterIsNotPassedOver() {
    with("direct", 100, 104, 100).with("ring", 200, 100, 200);
    assertThat(found()).isEqualTo("from 4 direct, from 16 ring, from 64 direct");
  }

  @Test
  void theLesserOfTwoTimesOfOnePointCounts() {
    with("direct", 300).with("ring", 200).with("direct", 100);
    assertThat(found()).isEqualTo("from 4 direct");
  }

  @Test
  void whatWasWrongOrChoosesItselfDoesNotCount() {
    with("direct", 200).with("auto", 50);
    points.add(Points.of(ALL_REDUCE, "ring", 2, 4, Optional.empty(), "element 0 is wrong"));
    assertThat(found()).isEqualTo("from 4 direct");
  }

  @Test
  void sizesOutsideHaveTheNearest() {
    with("one_shot", Double.NaN, 100, 900).with("direct", Double.NaN, 200, 300);
    Thresholds thresholds = Thresholds.measured(points);
    assertThat(List.of(0L, 4L, 16L, 63L)).allMatch(b -> thresholds.algorithm(b).equals("one_shot"));
    assertThat(List.of(64L, 65L, 1L << 40)).allMatch(b -> thresholds.algorithm(b).equals("direct"));
  }

  @Test
  void thereMustBeASize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Thresholds.measured(List.of()))
        .withMessage("thresholds must have a size that was timed: points=0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Thresholds(ALL_REDUCE, "shared", 2, List.of()))
        .withMessage("thresholds must have a size: steps=[]");
    List<Step> twice = List.of(new Step(4, "ring"), new Step(4, "direct"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Thresholds(ALL_REDUCE, "shared", 2, twice))
        .withMessage("sizes of thresholds must ascend: steps=[from 4 ring, from 4 direct]");
  }

  @Test
  void pointsMustBeOfOneGroup() {
    with("ring", 100);
    points.add(Points.of(ALL_REDUCE, "ring", 3, 4, 100));
    points.add(Points.of(Operation.ALL_GATHER, "ring", 2, 64, 100));
    assertThatIllegalArgumentException()
        .isThrownBy(this::found)
        .withMessageContaining("number of ranks: groups=3");
  }
}
