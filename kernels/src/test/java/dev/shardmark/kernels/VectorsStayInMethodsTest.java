package dev.shardmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import org.junit.jupiter.api.Test;

/**
 * No method takes or returns a vector, and no field keeps one but as a constant: C2 inlines the
 * Vector API however large a compilation is, but our methods only up to a limit, and a vector that
 * is passed to a method which is not inlined becomes an object. Which forks meet the limit is
 * chance.
 */
final class VectorsStayInMethodsTest {
  @Test
  void ofAllClasses() throws Exception {
    Path classes =
        Path.of(Species.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> found = new ArrayList<>();
    int methods = 0;
    for (Class<?> type : loaded(classes)) {
      methods += type.getDeclaredMethods().length;
      found.addAll(vectorsOf(type));
    }
    assertThat(methods).isGreaterThan(300);
    assertThat(found).isEmpty();
  }

  @Test
  void findsThoseOfAClassThatHasThem() {
    assertThat(vectorsOf(Careless.class)).hasSize(3);
  }

  private static List<Class<?>> loaded(Path classes) throws IOException, ClassNotFoundException {
    List<Class<?>> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = classes.relativize(file).toString().replace('/', '.');
        if (name.endsWith(".class") && !name.endsWith("-info.class")) {
          String type = name.substring(0, name.length() - ".class".length());
          all.add(Class.forName(type, false, Species.class.getClassLoader()));
        }
      }
    }
    return all;
  }

  private static List<String> vectorsOf(Class<?> type) {
    List<String> found = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      boolean returned = isVector(method.getReturnType());
      if (returned || Stream.of(method.getParameterTypes()).anyMatch(t -> isVector(t))) {
        found.add(method.toString());
      }
    }
    for (Field field : type.getDeclaredFields()) {
      boolean constant =
          Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
      if (isVector(field.getType()) && !constant) {
        found.add(field.toString());
      }
    }
    return found;
  }

  private static boolean isVector(Class<?> type) {
    return Vector.class.isAssignableFrom(type) || VectorMask.class.isAssignableFrom(type);
  }

  /** Has one of each. */
  private static final class Careless {
    private FloatVector kept;

    FloatVector returned() {
      return kept;
    }

    void taken(FloatVector vector) {
      kept = vector;
    }
  }
}
