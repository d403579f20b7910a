package dev.shardmark.results.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunJsonTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "de-DE", "ar", "ar-u-nu-arab"})
  void writesTheGoldenFileInEveryLocaleAndReadsItBack(String locale) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(locale));

    assertThat(new String(RunJson.write(ExampleRun.full()), UTF_8)).isEqualTo(golden());
    assertThat(RunJson.read(golden().getBytes(UTF_8))).isEqualTo(ExampleRun.full());
  }

  @Test
  void readsARunThatHasNotMeasuredAnythingYet() {
    assertThat(RunJson.read(RunJson.write(ExampleRun.header()))).isEqualTo(ExampleRun.header());
  }

  @Test
  void refusesADocumentCutShortAtAnyByte() throws IOException {
    byte[] document = golden().getBytes(UTF_8);
    for (int bytes = 1; bytes < document.length; bytes++) {
      byte[] part = Arrays.copyOf(document, bytes);
      assertThatIllegalArgumentException()
          .as("first %d bytes", bytes)
          .isThrownBy(() -> RunJson.read(part))
          .withMessageStartingWith("the document is not complete JSON: line=");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.shardmark.results.format.WrongRun#all")
  void refusesWhatTheSchemaRefuses(WrongRun wrong) throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunJson.read(wrong.document(golden())))
        .withMessageStartingWith("the run")
        .withMessageContaining(wrong.field());
  }

  @Test
  void readsFieldsOfANewerMinorVersion() throws IOException {
    String newer =
        golden()
            .replace("\"schemaVersion\" : \"1.0\"", "\"schemaVersion\" : \"1.7\", \"mood\" : [1]")
            .replace("\"loop\" : \"fma\"", "\"loop\" : \"fma\", \"watts\" : 65");

    assertThat(RunJson.read(newer.getBytes(UTF_8)).rows()).isEqualTo(ExampleRun.full().rows());
  }

  @Test
  void readsWholeNumbersWrittenByHand() throws IOException {
    String whole = golden().replace("\"value\" : 125.0", "\"value\" : 125");

    assertThat(RunJson.read(whole.getBytes(UTF_8))).isEqualTo(ExampleRun.full());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the document is empty",
        "`  `|the document is not a run: it lacks \"format\": \"shardmark-run\"",
        "[1]|the document is not a run: it lacks \"format\": \"shardmark-run\"",
        "{\"results\": []}|the document is not a run: it lacks \"format\": \"shardmark-run\"",
        "{\"format\": 1}|the document is not a run: it lacks \"format\": \"shardmark-run\"",
        "{\"format\": \"shardmark-run\"}"
            + "|the run's schemaVersion must be major.minor: schemaVersion=",
        "{\"format\": \"shardmark-run\", \"schemaVersion\": \"2.0\"}"
            + "|the run has version 2.0, this program reads 1.x",
        "{\"format\": \"shardmark-run\", \"schemaVersion\": \"1.0\"}"
            + "|the run lacks a value: field=id",
        "{\"a\": 1, \"a\": 2}|the document has a key twice: line=1 column=13",
        "{\"a\": NaN}|the document is not complete JSON: line=1 column=10",
        "{} {}|the document goes on after its end: line=1 column=4",
        "\u007fELF|the document is not complete JSON: line=1 column=1",
      })
  void saysWhatIsWrong(String document, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunJson.read(document.getBytes(UTF_8)))
        .withMessage(message);
  }

  @Test
  void refusesADeepOrHugeDocumentWithoutReadingOn() {
    byte[] deep = "[".repeat(1_000_000).getBytes(UTF_8);
    byte[] huge = new byte[RunJson.MAX_BYTES + 1];

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunJson.read(deep))
        .withMessageStartingWith("the document is nested too deeply");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunJson.read(huge))
        .withMessage("the document is longer than 67108864 bytes");
  }

  @Test
  void refusesARowThatIsThereTwice() throws IOException {
    String twice = golden().replace("\"openblas\"", "\"vector\"");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunJson.read(twice.getBytes(UTF_8)))
        .withMessage(
            "the run has a wrong value: the run already has this row: "
                + "row=GemmBenchmark.multiply shape=64x512x4096 variant=vector");
  }

  static String golden() throws IOException {
    try (InputStream in = RunJsonTest.class.getResourceAsStream("full-run.json")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
