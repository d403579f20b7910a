package dev.shardmark.collectives.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a race on this machine may never show: x86 keeps plain stores in order, so that only a
 * compiler, or another machine, would break a flag that is plain. Its code must not be.
 */
class SlotsStructureTest {
  @Test
  void flagsAreReleasedAndAcquired() throws IOException {
    assertThat(faults(Slots.class)).isEmpty();
  }

  @Test
  void plainFlagsAreRejected() throws IOException {
    assertThat(faults(PlainFlags.class))
        .containsExactlyInAnyOrder(
            "flag loads plainly",
            "flag has no getAcquire",
            "publish stores plainly",
            "publish has no setRelease");
  }

  private static List<String> faults(Class<?> type) throws IOException {
    List<String> faults = new ArrayList<>();
    MethodModel flag = method(type, "flag");
    MethodModel publish = method(type, "publish");
    if (elements(flag).stream().anyMatch(ArrayLoadInstruction.class::isInstance)) {
      faults.add("flag loads plainly");
    }
    if (!calls(flag, "getAcquire")) {
      faults.add("flag has no getAcquire");
    }
    if (elements(publish).stream().anyMatch(ArrayStoreInstruction.class::isInstance)) {
      faults.add("publish stores plainly");
    }
    if (!calls(publish, "setRelease")) {
      faults.add("publish has no setRelease");
    }
    return faults;
  }

  private static MethodModel method(Class<?> type, String name) throws IOException {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream code = type.getResourceAsStream(file)) {
      ClassModel model = ClassFile.of().parse(code.readAllBytes());
      return model.methods().stream()
          .filter(method -> method.methodName().equalsString(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<CodeElement> elements(MethodModel method) {
    return method.code().orElseThrow().elementList();
  }

  private static boolean calls(MethodModel method, String name) {
    return elements(method).stream()
        .anyMatch(
            element ->
                element instanceof InvokeInstruction call
                    && call.owner().asInternalName().equals("java/lang/invoke/VarHandle")
                    && call.name().equalsString(name));
  }

  private static final class PlainFlags {
    private final long[] words = new long[1];

    long flag(int slot) {
      return words[slot];
    }

    void publish(int slot, long flag) {
      words[slot] = flag;
    }
  }
}
