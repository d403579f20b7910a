package dev.shardmark.results.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

/**
 * A run with one thing wrong, which schema and reader must both refuse.
 *
 * @param field what the reader's message names
 * @param right text in the example run
 * @param wrong text that replaces it
 */
record WrongRun(String field, String right, String wrong) {
  static Stream<WrongRun> all() {
    return Stream.of(
        new WrongRun("field=mood", "\"format\" :", "\"mood\" : 1, \"format\" :"),
        new WrongRun("roofs[0].watts", "\"loop\" : \"fma\"", "\"loop\" : \"fma\", \"watts\" : 1"),
        new WrongRun("version 2.0", "\"schemaVersion\" : \"1.0\"", "\"schemaVersion\" : \"2.0\""),
        new WrongRun("schemaVersion", "\"schemaVersion\" : \"1.0\"", "\"schemaVersion\" : 1.0"),
        new WrongRun("schemaVersion", "\"schemaVersion\" : \"1.0\",", ""),
        new WrongRun("startedAt", "\"2026-11-23T10:15:00Z\"", "\"yesterday\""),
        new WrongRun("request.preset", "\"preset\" : \"quick\",", ""),
        new WrongRun("request.preset", "\"preset\" : \"quick\"", "\"preset\" : null"),
        new WrongRun("request.preset", "\"preset\" : \"quick\"", "\"preset\" : 5"),
        new WrongRun("plannedRows", "\"plannedRows\" : 3", "\"plannedRows\" : -3"),
        new WrongRun("plannedRows", "\"plannedRows\" : 3", "\"plannedRows\" : 3.5"),
        new WrongRun("plannedRows", "\"plannedRows\" : 3", "\"plannedRows\" : \"3\""),
        new WrongRun("machine.cpu.model", "\"Example 9000\"", "null"),
        new WrongRun("cores", "\"cores\" : 1", "\"cores\" : 0"),
        new WrongRun("roofs[0]", "\"cores\" : 1,", ""),
        new WrongRun("value", "\"value\" : 125.0", "\"value\" : 0"),
        new WrongRun("value", "\"value\" : 125.0", "\"value\" : \"NaN\""),
        new WrongRun("value", "\"value\" : 125.0", "\"value\" : \"125\""),
        new WrongRun("rows[0].label", "\"ISOLATED\"", "\"GUESSED\""),
        new WrongRun("rows[0].label", "\"ISOLATED\"", "1"),
        new WrongRun("rows[0]", "\"label\" : \"ISOLATED\",", ""),
        new WrongRun("either", "\"label\" :", "\"failure\" : \"no\", \"label\" :"),
        new WrongRun(
            "rows[2]", "\"failure\" : \"variant=openblas: the result was not a number\",", ""),
        new WrongRun("rows[0].settings", "\"forks\" : 3", "\"forks\" : -1"),
        new WrongRun("rows[0].work", "\"flop\" : 268435456", "\"flop\" : -1"),
        new WrongRun("rows[0].time", "2510.0", "\"2510.0\""),
        new WrongRun("rows[0].time", "2510.0", "null"),
        new WrongRun("rows[0].time", "2510.0", "[ ]"),
        new WrongRun("rows[0].checks[0]", "\"worst\" : 0.25", "\"worst\" : \"0.25\""),
        new WrongRun("timeUs", "\"timeUs\" : 2500.0", "\"timeUs\" : 0"));
  }

  byte[] document(String example) {
    int at = example.indexOf(right);
    assertThat(at).as("%s is in the example", right).isNotNegative();
    return (example.substring(0, at) + wrong + example.substring(at + right.length()))
        .getBytes(UTF_8);
  }

  @Override
  public String toString() {
    return wrong.isEmpty() ? "without " + right : wrong + " for " + right;
  }
}
