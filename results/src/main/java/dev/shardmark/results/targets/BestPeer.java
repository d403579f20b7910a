package dev.shardmark.results.targets;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;

/**
 * The fastest of some rows of the same run: the figure is this row's rate over theirs.
 *
 * @param rate what is compared
 * @param bestOf the rows to compare with, as differences from this one
 */
public record BestPeer(Rate rate, List<Peer> bestOf) implements Yardstick {
  public BestPeer {
    Objects.requireNonNull(rate, "rate");
    bestOf = List.copyOf(Objects.requireNonNull(bestOf, "bestOf"));
    if (bestOf.isEmpty()) {
      throw new IllegalArgumentException("bestOf must name a peer: bestOf=[]");
    }
  }

  @Override
  public List<TargetRow> peers(TargetRow row) {
    return bestOf.stream().map(row::overlaid).toList();
  }

  /**
   * Against the peers that were measured: too slow for one of them is too slow for the best, but
   * fast enough is only shown where none is missing.
   */
  @Override
  public Judgement judge(TargetRow row, double perSecond, double atLeast, RunRows rows) {
    double best = Double.NaN;
    String bestLabel = null;
    String fault = null;
    for (Peer peer : bestOf) {
      Reading reading = rows.reading(row.overlaid(peer), rate);
      if (!reading.sound()) {
        fault = fault == null ? peer.label() + ": " + reading.fault() : fault;
      } else if (!(reading.perSecond() <= best)) {
        best = reading.perSecond();
        bestLabel = peer.label();
      }
    }
    if (bestLabel == null) {
      return Judgement.notMeasured(row, fault);
    }
    double figure = perSecond / best;
    String detail = rate.text(perSecond) + ", " + bestLabel + " " + rate.text(best);
    return figure >= atLeast && fault != null
        ? new Judgement(row, figure, detail, Verdict.NOT_MEASURED, fault)
        : Judgement.of(row, figure, atLeast, detail);
  }

  @Override
  public String text(double figure) {
    return BigDecimal.valueOf(figure).setScale(2, RoundingMode.DOWN).toPlainString() + "x";
  }

  @Override
  public String name() {
    return bestOf.size() == 1 ? bestOf.get(0).label() : "best peer";
  }
}
