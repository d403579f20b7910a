package dev.shardmark.kernels.peer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a library is one sentence. */
final class NativeLibraryTest {
  private static final String PROPERTY = "shardmark.testlibrary";

  @TempDir Path folder;

  @AfterEach
  void clear() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void saysWhatWasTriedForALibraryThatIsNowhere() {
    assertThatThrownBy(() -> open("libnowhere.so.7"))
        .isInstanceOf(PeerUnavailableException.class)
        .hasMessageStartingWith("libnowhere.so.7 was not found: set -D" + PROPERTY + "=FILE")
        .hasMessageContaining("class path: org/nobody/")
        .hasMessageContaining("system: libnowhere.so.7");
  }

  @Test
  void aNamedFileIsTakenOrRefusedButNeverReplaced() {
    Path missing = folder.resolve("libmissing.so");
    System.setProperty(PROPERTY, missing.toString());
    assertThatThrownBy(() -> open("libc.so.6"))
        .isInstanceOf(PeerUnavailableException.class)
        .hasMessage("a library does not open: file=" + missing);
  }

  private static NativeLibrary open(String fileName) {
    return NativeLibrary.open(PROPERTY, "org/nobody", fileName, List.of());
  }
}
