package dev.shardmark.cli;

import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.Timing;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Points in the field names of nccl-tests' JSON report, so that its readers read them: times in
 * microseconds, bandwidths in 1e9 bytes a second. What it has no name for has one in the same
 * style: algorithm, ranks, backend, mem_bw.
 */
final class SweepJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final double NS_PER_US = 1e3;

  private SweepJson() {}

  static String write(List<SweepPoint> points) {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("version", 3);
    ArrayNode results = document.putArray("results");
    points.forEach(point -> add(results.addObject(), point));
    long wrong = points.stream().filter(point -> point.wrong().isPresent()).count();
    document.putObject("out_of_bounds").put("count", wrong).put("okay", wrong == 0);
    return MAPPER.writeValueAsString(document) + System.lineSeparator();
  }

  private static void add(ObjectNode result, SweepPoint point) {
    result.put("op", point.operation());
    result.put("algorithm", point.algorithm());
    result.put("ranks", point.ranks());
    result.put("backend", point.transport());
    result.put("size", point.bytes());
    result.put("count", point.count());
    result.put("type", "float");
    result.put("redop", point.reduction().isEmpty() ? "none" : point.reduction());
    result.put("root", point.root());
    point.wrong().ifPresent(what -> result.put("wrong", what));
    add(result, "out_of_place", point, point.outOfPlace());
    add(result, "in_place", point, point.inPlace());
  }

  private static void add(
      ObjectNode result, String place, SweepPoint point, Optional<Timing> timing) {
    if (timing.isEmpty()) {
      return;
    }
    Traffic traffic = point.traffic();
    double ns = timing.get().backToBackNs();
    ObjectNode timed = result.putObject(place);
    timed
        .put("time", ns / NS_PER_US)
        .put("alg_bw", traffic.algBwGBs(ns))
        .put("bus_bw", traffic.busBwGBs(ns))
        .put("nwrong", 0);
    if (traffic.memoryBytes() > 0) { // else nothing moves, or nobody knows what does
      timed.put("mem_bw", traffic.memoryGBs(ns));
    }
    Histogram isolated = timing.get().isolated();
    result
        .putObject(place + "_per_iter")
        .put("iterations", isolated.getTotalCount())
        .put("min", isolated.getMinValue() / NS_PER_US)
        .put("max", isolated.getMaxValue() / NS_PER_US)
        .put("avg", isolated.getMean() / NS_PER_US)
        .put("p50", isolated.getValueAtPercentile(50) / NS_PER_US)
        .put("p90", isolated.getValueAtPercentile(90) / NS_PER_US)
        .put("p95", isolated.getValueAtPercentile(95) / NS_PER_US)
        .put("p99", isolated.getValueAtPercentile(99) / NS_PER_US)
        .put("p99.9", isolated.getValueAtPercentile(99.9) / NS_PER_US)
        .put("stdev", isolated.getStdDeviation() / NS_PER_US);
  }
}
