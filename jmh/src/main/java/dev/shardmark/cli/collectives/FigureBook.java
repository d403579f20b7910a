package dev.shardmark.cli.collectives;

import dev.shardmark.collectives.sweep.SweepPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures as they come, a round at a time. */
final class FigureBook {
  private final Map<Entry, List<Sample>> samples = new LinkedHashMap<>();
  private final Map<Entry, String> faults = new LinkedHashMap<>();

  private record Entry(Side side, String op, long bytes, boolean inPlace, String algorithm) {}

  /** One more round. */
  void add(Side side, String op, long bytes, boolean inPlace, Sample sample) {
    rounds(new Entry(side, op, bytes, inPlace, null)).add(sample);
  }

  /** One more round of both places, or what went wrong. */
  void add(Side side, long bytes, SweepPoint point) {
    for (boolean inPlace : new boolean[] {false, true}) {
      var timing = inPlace ? point.inPlace() : point.outOfPlace();
      Entry entry = new Entry(side, point.operation(), bytes, inPlace, point.algorithm());
      timing.ifPresent(found -> rounds(entry).add(Sample.of(found)));
      point.wrong().ifPresent(wrong -> fail(entry, wrong));
    }
  }

  /** No round came to its end. */
  void fail(Side side, String op, long bytes, String algorithm, String why) {
    fail(new Entry(side, op, bytes, false, algorithm), why);
    fail(new Entry(side, op, bytes, true, algorithm), why);
  }

  private void fail(Entry entry, String why) {
    rounds(entry).clear();
    faults.put(entry, why);
  }

  private List<Sample> rounds(Entry entry) {
    return samples.computeIfAbsent(entry, first -> new ArrayList<>());
  }

  /** The last round of a figure. */
  Optional<Sample> last(Side side, String op, long bytes, boolean inPlace) {
    return figures().stream()
        .filter(
            figure ->
                figure.side() == side
                    && figure.op().equals(op)
                    && figure.bytes() == bytes
                    && figure.inPlace() == inPlace
                    && !figure.rounds().isEmpty())
        .map(figure -> figure.rounds().getLast())
        .findFirst();
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    samples.forEach(
        (entry, rounds) ->
            figures.add(
                new Figure(
                    entry.side(),
                    entry.op(),
                    entry.bytes(),
                    entry.inPlace(),
                    entry.algorithm(),
                    rounds,
                    faults.get(entry))));
    return figures;
  }
}
