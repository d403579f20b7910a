package dev.shardmark.results.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RunSchemaTest {
  private static final Set<String> OPTIONAL =
      Set.of(
          "Run.finishedAt",
          "Request.filter",
          "Roof.level",
          "Row.failure",
          "Row.work",
          "Row.time",
          "Row.figures",
          "Check.worst",
          "Figures.gflops",
          "Figures.gbs",
          "Figures.intensity",
          "Figures.roofPercent",
          "Figures.bound");

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Run.class.getResourceAsStream("run.schema.json"));

  @Test
  void acceptsWhatIsWritten() {
    assertThat(Stream.of(ExampleRun.full(), ExampleRun.header()))
        .allSatisfy(
            run ->
                assertThat(schema.validate(new String(RunJson.write(run), UTF_8), InputFormat.JSON))
                    .isEmpty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.shardmark.results.format.WrongRun#all")
  void refusesWrongRuns(WrongRun wrong) throws IOException {
    String document = new String(wrong.document(RunJsonTest.golden()), UTF_8);

    assertThat(schema.validate(document, InputFormat.JSON)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Run.class,
        Request.class,
        Fingerprint.class,
        Roof.class,
        Row.class,
        Settings.class,
        Workload.class,
        Metric.class,
        Check.class,
        Figures.class
      })
  void hasEveryComponentAndNoOther(Class<? extends Record> type) {
    JsonNode definition = definitions().path(type.getSimpleName());
    Set<String> components = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.add(component.getName());
      if (!OPTIONAL.contains(type.getSimpleName() + "." + component.getName())) {
        required.add(component.getName());
      }
    }

    assertThat(definition.path("properties").propertyNames())
        .containsExactlyInAnyOrderElementsOf(components);
    assertThat(definition.path("required").valueStream().map(JsonNode::stringValue))
        .containsExactlyInAnyOrderElementsOf(required);
    assertThat(definition.path("properties").valueStream())
        .allSatisfy(property -> assertThat(property.path("description").asString("")).isNotBlank());
  }

  @Test
  void knowsEveryLabelAndTheVersionThatIsWritten() {
    JsonNode labels = definitions().at("/Row/properties/label/enum");
    JsonNode version = definitions().at("/Run/properties/schemaVersion/const");

    assertThat(labels.valueStream().map(JsonNode::stringValue))
        .containsExactlyElementsOf(Arrays.stream(Label.values()).map(Label::name).toList());
    assertThat(version.stringValue()).isEqualTo(Run.SCHEMA_VERSION);
  }

  private JsonNode definitions() {
    return schema.getSchemaNode().path("$defs");
  }
}
