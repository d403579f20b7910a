package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.CollectiveException;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/**
 * Tells whether the sublayers of all ranks add what an unsharded one adds, and send what a formula
 * says.
 *
 * @param moe what they work on
 * @param part whose tokens a rank has
 * @param bits what comes out of all tokens, bit for bit; null if that is not asked
 * @param bounded what comes out of all tokens, and how far off it may be
 * @param sentBytes of each rank, for all axes
 */
record ExpertCheck(
    MoeCase moe,
    IntUnaryOperator part,
    Matrix bits,
    Expected bounded,
    IntToLongFunction sentBytes) {
  /** Makes the sublayer of a rank. */
  interface Builder {
    Sublayer of(Rank world, Meter meter);
  }

  /** Null when right, otherwise what is wrong first. */
  String fault(RankGroup group, Builder builder) {
    Matrix[] added = new Matrix[group.size()];
    long[] sent = new long[group.size()];
    try {
      group.run(rank -> run(rank, builder, added, sent));
    } catch (CollectiveException e) {
      return "it fails: " + e;
    }
    for (int rank = 0; rank < added.length; rank++) {
      String fault = fault(rank, added[rank]);
      if (fault != null) {
        return fault + ": rank=" + rank + " " + moe;
      }
      if (sent[rank] != sentBytes.applyAsLong(rank)) {
        return "bytes are wrong: rank="
            + rank
            + " sent="
            + sent[rank]
            + " formula="
            + sentBytes.applyAsLong(rank)
            + " "
            + moe;
      }
    }
    return null;
  }

  /** Runs twice: the second time finds scratch that the first has left. */
  private void run(Rank rank, Builder builder, Matrix[] added, long[] sent) {
    int me = rank.rank();
    Meter meter = new Meter(false);
    Sublayer sublayer = builder.of(rank, meter);
    Matrix x = moe.x(part.applyAsInt(me));
    Matrix y = Matrix.zeros(x.rows(), x.cols());
    for (int run = 0; run < 2; run++) {
      Arrays.fill(y.data(), Float.NaN);
      meter.clear();
      sublayer.apply(x, y);
    }
    added[me] = y;
    for (Axis axis : Axis.values()) {
      sent[me] += meter.sentBytes(axis);
    }
  }

  private String fault(int rank, Matrix y) {
    int first = moe.first(part.applyAsInt(rank));
    for (int i = 0; i < y.rows(); i++) {
      for (int j = 0; j < y.cols(); j++) {
        int at = (first + i) * y.cols() + j;
        double off = Expected.ratio(y.at(i, j), bounded.value()[at], bounded.bound()[at]);
        if (!(off <= 1)) {
          return "an element is out of bounds: token=" + i + " column=" + j + " off=" + off;
        }
        if (bits != null
            && Float.floatToRawIntBits(y.at(i, j))
                != Float.floatToRawIntBits(bits.at(first + i, j))) {
          return "bits differ: token=" + i + " column=" + j;
        }
      }
    }
    return null;
  }
}
