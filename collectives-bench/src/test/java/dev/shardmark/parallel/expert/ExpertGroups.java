package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Groups that tests of experts run on. */
final class ExpertGroups {
  private ExpertGroups() {}

  static Stream<Arguments> all() {
    return Stream.of(1, 2, 3, 4, 8)
        .flatMap(
            ranks ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .map(transport -> Arguments.of(ranks, transport)));
  }

  static RankGroup open(int ranks, Transport transport) {
    return RankGroup.open(ranks, Duration.ofSeconds(30), transport);
  }

  static int experts(int ranks) {
    return ranks == 3 ? 6 : 8;
  }

  /** More than 4 of each rank: see {@link BatchInvarianceTest}. */
  static int[] tokens(int ranks) {
    int[] tokens = new int[ranks];
    Arrays.setAll(tokens, rank -> 5 + rank % 3);
    return tokens;
  }
}
