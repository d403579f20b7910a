package dev.shardmark.results.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What there is to see in a figure, in words, from the numbers in it. */
final class ShardSentence {
  /** How much more one thing must matter than another for a sentence to say so. */
  private static final double MUCH_MORE = 4;

  private final Measure measure;
  private final List<Shard> shards;

  ShardSentence(Measure measure, List<Shard> shards) {
    this.measure = measure;
    this.shards = shards;
  }

  String text() {
    return switch (measure) {
      case INTENSITY -> intensity();
      case ROOF -> roof();
      case TIME -> time();
    };
  }

  private String intensity() {
    List<Integer> degrees = Views.distinct(shards, Shard::tp);
    List<Integer> tokens = Views.distinct(shards, Shard::tokens);
    if (degrees.size() < 2 || tokens.size() < 2) {
      return "Flop per compulsory byte, from the shapes alone.";
    }
    double byDegree = largestRatio(Shard::tokens, Shard::tp);
    double byTokens = largestRatio(Shard::tp, Shard::tokens);
    return "Over "
        + degrees.getLast()
        + " ranks instead of "
        + degrees.getFirst()
        + " the intensity changes by a factor of "
        + Numbers.of(byDegree)
        + " at most, with "
        + tokens.getLast()
        + " tokens instead of "
        + tokens.getFirst()
        + " by up to "
        + Numbers.of(byTokens)
        + (byTokens > MUCH_MORE * byDegree
            ? ". Tokens decide whether a shard waits for memory; the degree hardly does."
            : ".");
  }

  /** Largest over smallest value along a line, in the line where that is most. */
  private double largestRatio(Function<Shard, Integer> fixed, Function<Shard, Integer> along) {
    return Views.by(shards, shard -> shard.linear() + " " + fixed.apply(shard)).values().stream()
        .filter(line -> Views.distinct(line, along).size() > 1)
        .map(line -> line.stream().mapToDouble(measure::value).summaryStatistics())
        .mapToDouble(values -> values.getMax() / values.getMin())
        .max()
        .orElse(1);
  }

  private String roof() {
    Comparator<Shard> byValue = Comparator.comparingDouble(measure::value);
    Shard worst = shards.stream().min(byValue).orElseThrow();
    Shard best = shards.stream().max(byValue).orElseThrow();
    return "From "
        + measure.text(measure.value(worst))
        + " ("
        + name(worst)
        + ") to "
        + measure.text(measure.value(best))
        + " ("
        + name(best)
        + "). A line that falls to the right is a shard grown too thin for the kernel;"
        + " whiskers span the forks.";
  }

  private String time() {
    Shard from = shards.getFirst();
    Shard to = shards.stream().filter(from::sameWork).reduce((a, b) -> b).orElse(from);
    if (to.tp() == from.tp()) {
      return "Median over forks; whiskers span the forks.";
    }
    return "The shard of "
        + from.linear()
        + " at "
        + Numbers.count(from.tokens(), "token")
        + " takes "
        + measure.text(measure.value(from))
        + " at TP"
        + from.tp()
        + " and "
        + measure.text(measure.value(to))
        + " at TP"
        + to.tp()
        + ": "
        + Numbers.times(measure.value(from) / measure.value(to))
        + " as fast where "
        + Numbers.tick((double) to.tp() / from.tp())
        + "× would be free. Above the dashed line is what splitting loses.";
  }

  private static String name(Shard shard) {
    return shard.linear() + " at " + Numbers.count(shard.tokens(), "token") + ", TP" + shard.tp();
  }
}
