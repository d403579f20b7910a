package dev.shardmark.results.targets;

/**
 * What a run says about one row of a target.
 *
 * @param figure share of the yardstick, or rate; NaN where there is none
 * @param detail the rates behind the figure; empty where there is none
 * @param reason why the row has no verdict; null where it has one
 */
public record Judgement(
    TargetRow row, double figure, String detail, Verdict verdict, String reason) {
  static Judgement of(TargetRow row, double figure, double atLeast, String detail) {
    return new Judgement(
        row, figure, detail, figure >= atLeast ? Verdict.MET : Verdict.MISSED, null);
  }

  static Judgement notMeasured(TargetRow row, String reason) {
    return new Judgement(row, Double.NaN, "", Verdict.NOT_MEASURED, reason);
  }

  boolean hasFigure() {
    return !Double.isNaN(figure);
  }
}
