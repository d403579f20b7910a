package dev.shardmark.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of mistakes in the documents against the tests that bear the tag. */
class KillListTest {
  private static final Path HOME =
      Files.exists(Path.of("docs")) ? Path.of("") : Path.of(".."); // where builds start tests
  private static final String TAG = "@Tag(\"kill-list\")";
  private static final Pattern ROW = Pattern.compile("\\| (MU\\d\\d) \\| [^|]+ \\| ([^|]+) \\|");
  private static final Pattern FINDER = Pattern.compile("`(\\w+Test)`: ([^;]+)");

  /** Names of cases that have an id. */
  private static final Pattern NAMED =
      Pattern.compile("MU\\d\\d_[A-Z0-9_]+|(?<=\")MU\\d\\d [^\"]+");

  /** A test and one of its cases. */
  private record Finder(String id, String test, String name) {}

  private static List<Finder> table() throws IOException {
    String text = Files.readString(HOME.resolve("docs/parallelism.md"));
    List<Finder> finders = new ArrayList<>();
    ROW.matcher(text)
        .results()
        .forEach(
            row ->
                FINDER
                    .matcher(row.group(2))
                    .results()
                    .map(one -> new Finder(row.group(1), one.group(1), one.group(2).trim()))
                    .forEach(finders::add));
    return finders;
  }

  /** Test sources of both modules, by the names of their classes. */
  private static TreeMap<String, Path> sources() throws IOException {
    TreeMap<String, Path> sources = new TreeMap<>();
    for (String module : List.of("kernels", "collectives-bench")) {
      try (Stream<Path> all = Files.walk(HOME.resolve(module).resolve("src/test/java"))) {
        all.filter(path -> path.toString().endsWith(".java"))
            .forEach(path -> sources.put(path.getFileName().toString().replace(".java", ""), path));
      }
    }
    sources.remove("KillListTest");
    return sources;
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyCaseInTheTableIsOneOfATaggedTest() throws IOException {
    TreeMap<String, Path> sources = sources();
    assertThat(table()).hasSizeGreaterThan(50);
    for (Finder finder : table()) {
      Path test = sources.get(finder.test());
      assertThat(test).as("%s", finder).isNotNull();
      assertThat(text(test)).as("%s", finder).contains(TAG);
      String beside =
          String.join(
              "\n",
              sources.values().stream()
                  .filter(path -> path.getParent().equals(test.getParent()))
                  .map(KillListTest::text)
                  .toList());
      assertThat(beside).as("%s", finder).contains(finder.name());
      if (NAMED.matcher(finder.name()).lookingAt()) {
        assertThat(finder.name()).startsWith(finder.id());
      }
    }
  }

  @Test
  void everyTaggedTestAndEveryCaseWithAnIdIsInTheTable() throws IOException {
    TreeSet<String> tagged = new TreeSet<>();
    TreeSet<String> named = new TreeSet<>();
    sources()
        .forEach(
            (test, path) -> {
              if (text(path).contains(TAG)) {
                tagged.add(test);
              }
              NAMED.matcher(text(path)).results().map(MatchResult::group).forEach(named::add);
            });
    assertThat(table().stream().map(Finder::test)).containsAll(tagged);
    assertThat(table().stream().map(Finder::name)).containsAll(named);
  }

  @Test
  void idsAscend() throws IOException {
    List<String> ids = table().stream().map(Finder::id).distinct().toList();
    assertThat(ids).isSorted().hasSizeGreaterThan(35);
    String text = Files.readString(HOME.resolve("docs/parallelism.md"));
    assertThat(text).contains("-Dgroups=kill-list");
  }
}
