package dev.shardmark.kernels.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void aLibraryThatLacksAFunctionSaysWhich() {
    SymbolLookup symbols = Linker.nativeLinker().defaultLookup();
    NativeLibrary c = new NativeLibrary("Nobody", symbols, "here");
    assertThatThrownBy(() -> c.function(HugePages.Advise.class, "madvise_nowhere"))
        .isInstanceOf(PeerUnavailableException.class)
        .hasMessage("Nobody lacks a function: name=madvise_nowhere library=here");
  }

  @Test
  void aFailureIsSaidAgainAndNotTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    Once<NativeLibrary> once =
        new Once<>(
            () -> {
              tries.incrementAndGet();
              return open("libnowhere.so.7");
            });
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(once::get).hasMessageStartingWith("libnowhere.so.7 was not found");
    }
    assertThat(tries).hasValue(1);
  }

  private static NativeLibrary open(String fileName) {
    return NativeLibrary.open("Nobody", PROPERTY, "org/nobody", fileName, List.of());
  }
}
