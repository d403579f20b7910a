package dev.shardmark.cli;

import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Sweep;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.SweepTable;
import java.io.PrintWriter;
import java.util.List;

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
  record Settings(List<Long> sizes, boolean outOfPlace, Effort effort) {}

  /**
   * All sizes of one exercise.
   *
   * @param remarks lines between the header and the points
   * @param roofGBs what the ranks copy together, or 0 if that is not known
   */
  void run(Group group, Exercise exercise, List<String> remarks, double roofGBs) {
    Sweep sweep = new Sweep(group, exercise, settings.effort());
    boolean first = true;
    for (long bytes : settings.sizes()) {
      if (exercise.count(bytes, group.size()) == 0) {
        continue; // less than a block for each rank
      }
      SweepPoint point = sweep.at(bytes, settings.outOfPlace());
      if (first) {
        out.println(SweepTable.header(point));
        remarks.forEach(remark -> out.println("# " + remark));
        first = false;
      }
      out.println(SweepTable.line(point, roofGBs));
      out.flush();
      files.add(point);
      wrong |= point.wrong().isPresent();
    }
  }

  /** Prints the verdict on all sweeps, and returns the exit code. */
  int end() {
    out.println("# Out of bounds values : " + (wrong ? "some FAILED" : "0 OK"));
    out.flush();
    return wrong ? Main.MISSED : 0;
  }
}
