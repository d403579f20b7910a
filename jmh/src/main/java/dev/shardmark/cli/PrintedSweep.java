package dev.shardmark.cli;

import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Sweep;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.SweepTable;
import dev.shardmark.collectives.tuning.CostFit;
import dev.shardmark.collectives.tuning.Thresholds;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sweeps whose points are printed, and written to files, as they come. */
final class PrintedSweep {
  private final PrintWriter out;
  private final SweepFiles files;
  private final Settings settings;
  private boolean wrong;

  PrintedSweep(PrintWriter out, SweepFiles files, Settings settings) {
    this.out = out;
    this.files = files;
    this.settings = settings;
  }

  /** What all sweeps have in common. */
  record Settings(List<Long> sizes, boolean outOfPlace, Effort effort) {
    /** Points and places that one algorithm is timed at. */
    int rows(Exercise exercise, int ranks) {
      int rows = 0;
      for (long bytes : sizes) {
        int count = exercise.count(bytes, ranks);
        if (count > 0) {
          rows += exercise.isInPlace() ? 1 : 0;
          rows += outOfPlace && exercise.outLength(count, ranks) > 0 ? 1 : 0;
        }
      }
      return rows;
    }
  }

  /**
   * All sizes of one exercise, and what they come to.
   *
   * @param remarks lines between the header and the points
   * @param roofGBs what the ranks copy together, or 0 if that is not known
   */
  List<SweepPoint> run(Group group, Exercise exercise, List<String> remarks, double roofGBs) {
    Sweep sweep = new Sweep(group, exercise, settings.effort());
    List<SweepPoint> points = new ArrayList<>();
    for (long bytes : settings.sizes()) {
      if (exercise.count(bytes, group.size()) == 0) {
        continue; // less than a block for each rank
      }
      SweepPoint point = sweep.at(bytes, settings.outOfPlace());
      if (points.isEmpty()) {
        out.println(SweepTable.header(point));
        remarks.forEach(remark -> out.println("# " + remark));
      }
      out.println(SweepTable.line(point, roofGBs));
      out.flush();
      points.add(point);
      files.add(point);
      wrong |= point.wrong().isPresent();
    }
    Optional<CostFit> fit = CostFit.of(points);
    fit.ifPresent(found -> out.println("# fit: " + found.sentence()));
    files.add(points, fit);
    return points;
  }

  /** Says which algorithm is fastest from which size on. */
  void say(String what, Thresholds thresholds) {
    out.println("# " + what + ": " + thresholds.sentence());
    files.add(thresholds);
  }

  /** Prints the verdict on all sweeps, and returns the exit code. */
  int end() {
    out.println("# Out of bounds values : " + (wrong ? "some FAILED" : "0 OK"));
    out.flush();
    return wrong ? Main.MISSED : 0;
  }
}
