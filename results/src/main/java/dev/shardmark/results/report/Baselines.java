package dev.shardmark.results.report;

import dev.shardmark.results.format.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the same linear costs unsplit: the row of one rank, or, where the run has none, the whole
 * matrix measured as the shard of degree 1.
 */
final class Baselines {
  private final List<Shard> ranks;
  private final List<Shard> alone;

  Baselines(Run run) {
    this.ranks = unsplit(run, Names.RANKS);
    this.alone = unsplit(run, Names.SHARD);
  }

  Optional<Shard> of(Shard shard) {
    Comparator<Shard> sameAlgorithm =
        Comparator.comparing(other -> !other.allReduce().equals(shard.allReduce()));
    return ranks.stream()
        .filter(shard::sameWork)
        .min(sameAlgorithm)
        .or(() -> alone.stream().filter(shard::sameWork).findFirst());
  }

  private static List<Shard> unsplit(Run run, String benchmark) {
    return Shard.of(run, benchmark).stream().filter(shard -> shard.tp() == 1).toList();
  }
}
