package dev.shardmark.results.report;

import dev.shardmark.results.report.Alternatives.Yardstick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How our kernels compare with libraries and with plain loops, in a sentence each. */
final class PeerSummary {
  private final List<Alternatives> works;

  PeerSummary(List<Alternatives> works) {
    this.works = works.stream().filter(work -> work.ours().isPresent()).toList();
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    libraries().ifPresent(sentences::add);
    List<Alternatives> plain = against(Yardstick.SCALAR);
    if (!plain.isEmpty()) {
      sentences.add(
          "Where no library was measured, against the scalar loops: " + range(plain, true) + ".");
    }
    return sentences;
  }

  /** Against the fastest library; empty if none was measured. */
  Optional<String> libraries() {
    List<Alternatives> against = against(Yardstick.LIBRARY);
    return against.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Our kernels are at least as fast as the best library ("
                + peers(against)
                + ") in "
                + ahead(against)
                + (against.size() == 1 ? " work: " : " works: ")
                + range(against, true)
                + ".");
  }

  /** In a few words, for example {@code 0.940× to 1.03× openblas, at least 1× in 3 of 4}. */
  String brief() {
    List<String> parts = new ArrayList<>();
    for (Yardstick yardstick : List.of(Yardstick.LIBRARY, Yardstick.SCALAR)) {
      List<Alternatives> against = against(yardstick);
      if (!against.isEmpty()) {
        String ahead = yardstick == Yardstick.LIBRARY ? ", at least 1× in " + ahead(against) : "";
        parts.add(range(against, false) + " " + peers(against) + ahead);
      }
    }
    return parts.isEmpty() ? "our own ways against each other" : String.join("; ", parts);
  }

  private static String ahead(List<Alternatives> against) {
    long ahead = against.stream().filter(work -> speed(work) >= 1).count();
    return ahead + " of " + against.size();
  }

  private static String peers(List<Alternatives> against) {
    return against.stream()
        .map(work -> Alternatives.variant(work.yardstick()))
        .distinct()
        .sorted()
        .collect(Collectors.joining(" or "));
  }

  private static String range(List<Alternatives> against, boolean named) {
    List<String> ends =
        against.stream()
            .sorted(Comparator.comparingDouble(PeerSummary::speed))
            .map(work -> Numbers.times(speed(work)) + (named ? " (" + work.name() + ")" : ""))
            .toList();
    String most = ends.getLast();
    return ends.getFirst().equals(most) ? most : ends.getFirst() + " to " + most;
  }

  private static double speed(Alternatives work) {
    return work.speed(work.ours().orElseThrow());
  }

  private List<Alternatives> against(Yardstick yardstick) {
    return works.stream().filter(work -> Yardstick.of(work.yardstick()) == yardstick).toList();
  }
}
