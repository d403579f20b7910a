package dev.shardmark.jmh;

import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.layer.LayerShape;
import dev.shardmark.kernels.layer.LayerStep;
import dev.shardmark.kernels.layer.TransformerLayer;
import java.util.EnumMap;
import java.util.Map;

/** Where the time of a layer goes: the mean of each operation, under the part it belongs to. */
final class LayerPhases {
  private final Map<LayerOperation, MeanTime> times = new EnumMap<>(LayerOperation.class);

  /** Says the time and the work of every operation to {@link TrialFacts}. */
  LayerPhases(LayerShape shape) {
    shape
        .work()
        .forEach(
            (operation, work) -> {
              MeanTime time = new MeanTime();
              String name = operation.part().parameter() + "." + operation.parameter();
              times.put(operation, time);
              TrialFacts.phase(name, time::takeUs);
              TrialFacts.flop(name, work.flop());
            });
  }

  /** Runs a layer, step by step. */
  void run(TransformerLayer layer) {
    long before = System.nanoTime();
    for (int i = 0; i < layer.steps().size(); i++) {
      LayerStep step = layer.steps().get(i);
      step.run().run();
      long after = System.nanoTime();
      times.get(step.operation()).add(after - before);
      before = after;
    }
  }
}
