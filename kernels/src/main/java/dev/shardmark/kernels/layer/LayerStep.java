package dev.shardmark.kernels.layer;

import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * One operation of a layer on operands that stay the same.
 *
 * @param operation which
 * @param run does it, and allocates nothing from the second time on
 * @param check to be asked before a run, which may overwrite what it reads; what it gives is to be
 *     asked after, and is the largest error over the bound of the operation's contract
 */
public record LayerStep(LayerOperation operation, Runnable run, Supplier<DoubleSupplier> check) {

  /** A step that overwrites nothing it reads. */
  static LayerStep of(LayerOperation operation, Runnable run, DoubleSupplier check) {
    return new LayerStep(operation, run, () -> check);
  }

  /** Runs once and returns the largest error over its bound. */
  double verify() {
    DoubleSupplier after = check.get();
    run.run();
    return after.getAsDouble();
  }
}
