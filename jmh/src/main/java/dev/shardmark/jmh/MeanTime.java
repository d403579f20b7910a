package dev.shardmark.jmh;

/** The mean of times since it was last taken. */
final class MeanTime {
  private double sumNs;
  private long count;

  void add(double ns) {
    sumNs += ns;
    count++;
  }

  /** Microseconds, and starts anew; 0 if there was no time. */
  double takeUs() {
    double us = count == 0 ? 0 : sumNs / count / 1e3;
    sumNs = 0;
    count = 0;
    return us;
  }
}
