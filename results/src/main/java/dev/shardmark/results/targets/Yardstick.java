package dev.shardmark.results.targets;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What the rows of a target are held against; in a file, its fields say which kind it is. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
  @JsonSubTypes.Type(BestPeer.class),
  @JsonSubTypes.Type(RoofShare.class),
  @JsonSubTypes.Type(Absolute.class)
})
public sealed interface Yardstick permits BestPeer, RoofShare, Absolute {
  /** The rate of a row that is compared. */
  Rate rate();

  /** Other rows this one is compared with; they are measured next to it. */
  default List<TargetRow> peers(TargetRow row) {
    return List.of();
  }

  /** The judgement on a row whose own rate is sound. */
  Judgement judge(TargetRow row, double perSecond, double atLeast, RunRows rows);

  /** A figure as people read it, rounded down so that one that is missed never looks met. */
  String text(double figure);

  /** What is compared with, for example {@code best peer}; empty where the figure says it. */
  String name();

  /** The goal, for example {@code >= 1.80x best peer}. */
  default String goal(double atLeast) {
    return (">= " + text(atLeast) + " " + name()).strip();
  }
}
