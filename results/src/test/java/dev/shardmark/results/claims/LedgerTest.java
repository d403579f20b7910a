package dev.shardmark.results.claims;

import static dev.shardmark.results.claims.HandMade.decide;
import static dev.shardmark.results.claims.HandMade.fact;
import static dev.shardmark.results.claims.HandMade.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class LedgerTest {
  private static final int CLAIMS = 104;

  @Test
  void everyClaimIsThereOnceAndInOrder() {
    assertThat(claims().map(Claim::id))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, CLAIMS).mapToObj(i -> String.format("C%02d", i)).toList());
    assertThat(claims().map(Claim::claim)).doesNotHaveDuplicates();
  }

  @Test
  void withoutRowsOnlyWhatCannotBeMeasuredIsDecided() {
    List<Decision> decisions = new Ledger(Sources.of(List.of(), List.of())).decisions();
    assertThat(decisions).hasSize(CLAIMS);
    for (Decision decision : decisions) {
      assertThat(decision.verdict())
          .as(decision.claim().id())
          .isEqualTo(
              decision.claim().rule() instanceof Cited
                  ? Verdict.NOT_MEASURABLE
                  : Verdict.UNDECIDED);
      assertThat(decision.condition()).matches("(needs|see) .+");
    }
  }

  @Test
  void rowsOfARunDecide() {
    Claim claim = claims().filter(c -> c.id().equals("C48")).findFirst().orElseThrow();
    assertThat(claim.rule().decide(claim, ranks(0.9, 0.2)).verdict()).isEqualTo(Verdict.HOLDS_IF);
    assertThat(claim.rule().decide(claim, ranks(0.9, 0.9)).verdict())
        .isEqualTo(Verdict.DOES_NOT_HOLD);
    assertThat(claim.rule().decide(claim, ranks(0.1, 0.2)).verdict()).isEqualTo(Verdict.HOLDS);
  }

  /** Real ranks of which a call takes 10 us, and communication so much of it. */
  private static Sources ranks(double one, double many) {
    return Sources.of(
        Stream.of("o", "down")
            .flatMap(
                linear ->
                    Stream.of(
                        ranks("linear=" + linear + " tokens=1", one),
                        ranks("linear=" + linear + " tokens=128", many)))
            .toList(),
        List.of());
  }

  private static Row ranks(String parameters, double us) {
    return row(
        "TensorParallelBenchmark.ranks",
        "model=llama-3.1-8b tp=2 " + parameters,
        Map.of("communication", HandMade.metric("us/op", us)),
        List.of(new Check("toy", 0.5)),
        10.0);
  }

  @Test
  void theTableShowsVerdictFigureAndRowsWithinItsWidth() {
    Figure figure = new Figure("Toy.sum", null, null, null, null, null, null);
    Case low = new Case("the sum is small", figure, null, 100_000.0, "B");
    Case high = new Case("w".repeat(200), figure, 200_000.0, null, "B");
    Sources facts = Sources.of(List.of(), List.of(fact("Toy.sum", "a=1", 12_345)));
    List<String> lines =
        new LedgerTable(
                List.of(
                    decide(new Cases(List.of(low, high), null, null), facts),
                    decide(new Lacking("a backward pass"), facts)))
            .lines();
    assertThat(lines)
        .allMatch(line -> line.length() <= LedgerTable.WIDTH)
        .anyMatch(line -> line.matches("C01 +toys +holds if +\\+ 12,345 B, at most 100,000: .*"))
        .anyMatch(line -> line.matches(" +- 12,345 B, at least 200,000:"))
        .anyMatch(line -> line.matches(" +Toy.sum MODELLED"))
        .anyMatch(line -> line.matches("C01 +toys +undecided +needs a backward pass"))
        .endsWith(
            "2 claims: 0 holds, 1 holds if, 0 does not hold, 0 not measurable here, 1 undecided");
  }

  @Test
  void theWholeTableStaysWithinItsWidth() {
    List<Decision> all = new Ledger(Sources.of(List.of(), List.of())).decisions();
    assertThat(new LedgerTable(all).lines()).allMatch(line -> line.length() <= LedgerTable.WIDTH);
  }

  @Test
  void decisionsAreADocumentToo() {
    Figure figure = new Figure("Toy.sum", null, null, null, null, null, null);
    Rule rule = new Cases(List.of(new Case("small", figure, null, 2.0, "B")), null, null);
    Sources facts = Sources.of(List.of(), List.of(fact("Toy.sum", "a=1", 1.5)));
    JsonNode held = document(decide(rule, facts));
    assertThat(held.path("verdict").asString()).isEqualTo("holds");
    JsonNode one = held.path("cases").path(0);
    assertThat(one.path("held").asBoolean()).isTrue();
    assertThat(one.path("figure").path("middle").asDouble()).isEqualTo(1.5);
    assertThat(one.path("sources").path(0).path("name").asString()).isEqualTo("Toy.sum a=1");
    JsonNode open = document(decide(rule, Sources.of(List.of(), List.of())));
    assertThat(open.path("cases").path(0).has("held")).isFalse();
    assertThat(open.path("cases").path(0).path("fault").asString()).isEqualTo("rows Toy.sum");
  }

  private static JsonNode document(Decision decision) {
    return StrictJson.MAPPER.readTree(LedgerJson.write(List.of(decision))).path("claims").path(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | the document is not complete JSON",
        "{} | the document is no file of claims",
        "{\"format\": \"shardmark-claims\", \"title\": \"t\"} | lacks a value: field=claims",
        "{\"format\": \"shardmark-claims\", \"title\": \"t\", \"claims\": [{\"id\": \"1\"}]} | lacks a value",
        "{\"format\": \"shardmark-claims\", \"title\": \"t\", \"claims\": [], \"verdict\": 1} | unknown field: field=verdict"
      })
  void aWrongFileIsRefusedInOneSentence(String document, String sentence) {
    assertThatThrownBy(() -> ClaimsJson.read(document.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  private static Stream<Claim> claims() {
    return Ledger.chapters().stream().flatMap(chapter -> chapter.claims().stream());
  }
}
