package dev.shardmark.results.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetsJsonTest {
  private static final String GOOD =
      "{'what': 'a', 'benchmark': 'A.b', 'parameters': {'shape': ['1', '2'], 'on': ['x', 'y']},"
          + " 'atLeast': 0.5, 'against': {'roof': 'fma'}}";

  @Test
  void readsEachKindOfYardstick() {
    List<Target> targets =
        read(
            GOOD,
            GOOD.replace("'a'", "'b'")
                .replace(
                    "{'roof': 'fma'}",
                    "{'rate': 'calls/s', 'bestOf': [{'benchmark': 'C.d'},"
                        + " {'parameters': {'on': 'z'}}]}"),
            GOOD.replace("'a'", "'c'")
                .replace(
                    "{'roof': 'fma'}", "{'noun': 'token', 'perCall': 8, 'machine': {'cpu': 'x'}}"),
            GOOD.replace("'a'", "'d'").replace("'fma'", "'copy', 'level': 'DRAM'"));

    assertThat(targets).extracting(Target::what).containsExactly("a", "b", "c", "d");
    assertThat(targets)
        .extracting(Target::goal)
        .containsExactly(
            ">= 50.0 % of fma", ">= 0.50x best peer", ">= 0.500 token/s", ">= 50.0 % of DRAM copy");
    assertThat(targets.get(0).rows())
        .extracting(TargetRow::toString)
        .containsExactly(
            "A.b on=x shape=1", "A.b on=x shape=2", "A.b on=y shape=1", "A.b on=y shape=2");
    assertThat(targets.get(1).against().peers(targets.get(1).rows().get(1)))
        .extracting(TargetRow::toString)
        .containsExactly("C.d on=x shape=2", "A.b on=z shape=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'atLeast': 0.5 | 'atLeast': 0 | atLeast must be positive: atLeast=0.0",
        "'atLeast': 0.5 | 'atLeast': 'much' | value of the wrong kind, or none: field=targets[0].atLeast",
        "'atLeast': 0.5, | | atLeast must be positive: atLeast=0.0",
        "'what': 'a', | 'what': 'a', 'was': 'a', | unknown field: field=targets[0].was",
        "'what': 'a', | | lacks a value: field=targets[0].what",
        "'benchmark': 'A.b', | | lacks a value: field=targets[0].benchmark",
        "['x', 'y'] | [] | a parameter must have a value: parameter=on",
        "['x', 'y'] | 'x' | value of the wrong kind, or none: field=targets[0].parameters.on",
        "['x', 'y'] | [1] | value of the wrong kind, or none: field=targets[0].parameters.on[0]",
        "['x', 'y'] | [null] | lacks a value: field=targets[0]",
        "['x', 'y'] | null | lacks a value: field=targets[0].parameters.on",
        "{'roof': 'fma'} | null | lacks a value: field=targets[0].against",
        "{'roof': 'fma'} | {'rate': 'flop/s', 'bestOf': [null]} | lacks a value: field=targets[0].against",
        "{'roof': 'fma'} | {'rate': 'flop/s', 'bestOf': [{'parameters': {'on': null}}]} | parameters.on",
        "{'roof': 'fma'} | {} | field=targets[0].against",
        "{'roof': 'fma'} | {'roof': 'fma', 'rate': 'flop/s'} | field=targets[0].against",
        "{'roof': 'fma'} | {'rate': 'flop/s'} | lacks a value",
        "{'roof': 'fma'} | {'rate': 'flop/s', 'bestOf': []} | bestOf must name a peer",
        "{'roof': 'fma'} | {'rate': 'flop/s', 'bestOf': [{}]} | a peer must differ",
        "{'roof': 'fma'} | {'rate': 'flips/s', 'bestOf': []} | field=targets[0].against.rate",
        "{'roof': 'fma'} | {'roof': 'fma', 'level': 'L1'} | the fma roof must have no level: level=L1",
        "{'roof': 'fma'} | {'roof': 'tensor'} | roof must be one of [fma, read, copy, triad]: roof=tensor",
        "{'roof': 'fma'} | {'roof': 'read', 'level': 'L9'} | level must be one of [L1, L2, L3, DRAM]: level=L9",
        "{'roof': 'fma'} | {'noun': 'x', 'perCall': 1, 'machine': {}} | a named machine",
        "'a' | '0123456789012345678901234567890123456789' | what must have 1 to 34 characters"
      })
  void badFilesAreOneSentence(String part, String wrong, String sentence) {
    String bad = GOOD.replace(part, wrong == null ? "" : wrong);
    assertThat(bad).isNotEqualTo(GOOD);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(bad))
        .withMessageContaining(sentence)
        .withMessageContaining("file of targets")
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
  }

  @Test
  void refusesWhatIsNoFileOfTargets() {
    assertRefused("", "the document is");
    assertRefused("{", "the document is not complete JSON");
    assertRefused("[]", "no file of targets");
    assertRefused("{'format': 'shardmark-run'}", "no file of targets");
    assertRefused("{'format': 'shardmark-targets'}", "lacks a value: field=targets");
    assertRefused("{'format': 'shardmark-targets', 'targets': []}", "there must be a target");
    assertRefused(document(GOOD, GOOD), "two targets must not have the same words: what=a");
  }

  private static void assertRefused(String document, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TargetsJson.read(bytes(document)))
        .withMessageContaining(sentence);
  }

  private static List<Target> read(String... targets) {
    return TargetsJson.read(bytes(document(targets)));
  }

  private static String document(String... targets) {
    return "{'format': 'shardmark-targets', 'targets': [" + String.join(", ", targets) + "]}";
  }

  private static byte[] bytes(String document) {
    return document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
