package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;

/** Tells whether rows are sorted as they must be; all is exact. */
public final class PermutationCheck {
  private PermutationCheck() {}

  /**
   * Null when right, otherwise what is wrong.
   *
   * @param offset of each expert's rows, and their number at the end
   * @param token of each row
   * @param row of each choice
   */
  public static String fault(Routing routing, int[] offset, int[] token, int[] row) {
    int experts = offset.length - 1;
    int next = 0;
    for (int e = 0; e < experts; e++) {
      if (offset[e] != next) {
        return "rows of an expert start at " + next + ": expert=" + e + " offset=" + offset[e];
      }
      for (int at = 0; at < routing.choices(); at++) {
        if (routing.expert()[at] == e) {
          if (row[at] != next) {
            return "a choice has row " + next + ": choice=" + at + " row=" + row[at];
          }
          if (token[next] != at / routing.topK()) {
            return "a row has token "
                + at / routing.topK()
                + ": row="
                + next
                + " token="
                + token[next];
          }
          next++;
        }
      }
    }
    for (int at = 0; at < routing.choices(); at++) {
      if (routing.expert()[at] == Routing.DROPPED && row[at] != Routing.DROPPED) {
        return "a dropped choice has no row: choice=" + at + " row=" + row[at];
      }
    }
    return offset[experts] == next ? null : "there are " + next + " rows: rows=" + offset[experts];
  }

  /** Null if each row holds, bit for bit, the vector of its choice's token; otherwise which not. */
  public static String gatherFault(Routing routing, int experts, Matrix x, Matrix rows) {
    int next = 0;
    for (int e = 0; e < experts; e++) {
      for (int at = 0; at < routing.choices(); at++) {
        if (routing.expert()[at] == e) {
          int token = at / routing.topK();
          for (int j = 0; j < x.cols(); j++) {
            if (Float.floatToRawIntBits(rows.at(next, j))
                != Float.floatToRawIntBits(x.at(token, j))) {
              return "row " + next + " is not that of token " + token + ": column=" + j;
            }
          }
          next++;
        }
      }
    }
    return null;
  }
}
