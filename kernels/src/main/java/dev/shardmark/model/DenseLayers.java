package dev.shardmark.model;

/**
 * Which layers of a mixture-of-experts model have a dense MLP instead.
 *
 * <p>Layer i, counted from 0, has experts if {@code i >= leading} and {@code (i + 1) % period ==
 * 0}.
 *
 * @param leading dense layers at the start
 * @param period every how many layers experts come, the last of each period having them
 * @param width the dense MLP's width f; 0 if no layer is dense
 * @throws IllegalArgumentException if dense layers have no width, or a width no dense layer
 */
public record DenseLayers(int leading, int period, int width) {
  /** Experts in every layer. */
  public static final DenseLayers NONE = new DenseLayers(0, 1, 0);

  public DenseLayers {
    boolean any = leading > 0 || period > 1;
    if (leading < 0 || period < 1 || width < 0 || any != (width > 0)) {
      throw new IllegalArgumentException(
          "dense layers must have a width, and none without them: leading="
              + leading
              + " period="
              + period
              + " width="
              + width);
    }
  }

  boolean contain(int layer) {
    return layer < leading || (layer + 1) % period != 0;
  }

  DenseLayers shard(int tensor) {
    return new DenseLayers(
        leading, period, ShardPlan.share("tensor", tensor, "dense MLP width", "width", width));
  }
}
