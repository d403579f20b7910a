package dev.shardmark.kernels.roof;

/**
 * A loop that does one thing as fast as a core can, to find a ceiling of the machine.
 *
 * <p><b>Work</b> is a static method of each loop, so that a plan need not fill arrays to count;
 * bytes as STREAM counts them, without write-allocate reads.
 *
 * <p><b>Error</b> none: the loops work on small integers and powers of two, where float arithmetic
 * is exact, so that {@link #verify} compares with {@code ==}.
 *
 * <p><b>Threading</b> one thread, one instance per rank.
 */
public interface RoofLoop {
  /** Runs {@code passes} times and returns a value that depends on the work. */
  double run(int passes);

  /**
   * Runs one pass and checks everything it computed.
   *
   * @throws IllegalStateException if the loop did not do its work
   */
  void verify();

  /** Throws unless {@code right}. */
  static void require(boolean right, RoofLoop loop) {
    if (!right) {
      throw new IllegalStateException(
          "the loop computed wrong values: loop=" + loop.getClass().getSimpleName());
    }
  }
}
