package dev.shardmark.cli.claims;

/**
 * Schedules of a pipeline whose stages take one unit of time each.
 *
 * <p>Of p stages and m micro-batches the last ends after m + p - 1 units; a rank that holds v
 * pieces of the model instead of one begins and ends in v-ths of that: m + (p - 1) / v.
 *
 * <p><b>Source</b> D. Narayanan et al., Efficient large-scale language model training on GPU
 * clusters, 2021, section 2.2.
 */
final class PipelineFacts {
  private static final int[] STAGES = {2, 4, 8, 16};
  private static final int[] BATCHES = {1, 2, 4, 8, 32, 128};
  private static final int[] PIECES = {1, 2, 4};

  private PipelineFacts() {}

  static void add(FactList facts) {
    for (int stages : STAGES) {
      for (int batches : BATCHES) {
        for (int pieces : PIECES) {
          Object[] at = {"stages", stages, "batches", batches, "pieces", pieces};
          double units = units(stages, batches, pieces);
          facts.add("Pipeline.utilisation", 100 * batches / units, "%", at);
          facts.add("Pipeline.bubble", 100 * (units - batches) / batches, "%", at);
          facts.add("Pipeline.gain", 100 * (units(stages, batches, 1) / units - 1), "%", at);
        }
        double oneByOne = (double) stages * batches;
        facts.add(
            "Pipeline.overlap",
            oneByOne / units(stages, batches, 1),
            "x",
            "stages",
            stages,
            "batches",
            batches);
      }
    }
  }

  private static double units(int stages, int batches, int pieces) {
    return batches + (stages - 1.0) / pieces;
  }
}
