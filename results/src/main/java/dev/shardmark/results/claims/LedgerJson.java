package dev.shardmark.results.claims;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.StrictJson;
import java.util.List;

/** Decisions as a document for other programs. */
public final class LedgerJson {
  private static final String FORMAT = "shardmark-ledger";

  private LedgerJson() {}

  private record Document(String format, List<Entry> claims) {}

  private record Entry(
      String id, String claim, String verdict, String condition, List<CaseEntry> cases) {
    static Entry of(Decision decision) {
      return new Entry(
          decision.claim().id(),
          decision.claim().claim(),
          decision.verdict().toString(),
          decision.condition().isEmpty() ? null : decision.condition(),
          decision.outcomes().stream().map(CaseEntry::of).toList());
    }
  }

  /** A case; without a figure there is a fault. */
  private record CaseEntry(
      String when,
      Boolean held,
      Interval figure,
      Double atLeast,
      Double atMost,
      String unit,
      String fault,
      List<SourceEntry> sources) {
    static CaseEntry of(Outcome outcome) {
      boolean open = outcome.state() == Outcome.State.UNDECIDED;
      return new CaseEntry(
          outcome.test().when(),
          open ? null : outcome.state() == Outcome.State.HELD,
          outcome.finding().figure(),
          outcome.test().atLeast(),
          outcome.test().atMost(),
          outcome.test().unit(),
          open ? why(outcome) : null,
          outcome.finding().evidence().stream()
              .map(source -> new SourceEntry(source.name(), source.label()))
              .toList());
    }
  }

  private static String why(Outcome outcome) {
    String fault = outcome.finding().fault();
    return fault == null ? String.join(", ", outcome.lacks()) : fault;
  }

  private record SourceEntry(String name, Label label) {}

  /** The document of these decisions, in their order. */
  public static byte[] write(List<Decision> decisions) {
    return StrictJson.MAPPER.writeValueAsBytes(
        new Document(FORMAT, decisions.stream().map(Entry::of).toList()));
  }
}
