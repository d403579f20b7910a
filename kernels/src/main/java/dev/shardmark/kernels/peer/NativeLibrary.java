package dev.shardmark.kernels.peer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A shared library and where it was found: the file a property names, or else a copy on the class
 * path, or else whatever the system's loader finds by its name.
 *
 * @param name for people
 * @param symbols its functions
 * @param origin where it came from, for people
 */
@SuppressWarnings("restricted") // native access is what it is for
record NativeLibrary(String name, SymbolLookup symbols, String origin) {
  private static final long LONGEST_TEXT_BYTES = 512;

  /**
   * Opens a library.
   *
   * @param name for people
   * @param property system property that may name its file
   * @param folder class path folder that may hold it, without the platform
   * @param fileName its file name, with the version of its interface
   * @param companions files beside it that it needs, in the order they are loaded
   * @throws PeerUnavailableException one sentence that says what was tried, if none opens
   */
  static NativeLibrary open(
      String name, String property, String folder, String fileName, List<String> companions) {
    String named = System.getProperty(property);
    if (named != null) { // what was asked for, or nothing
      return new NativeLibrary(name, lookup(Path.of(named)), named);
    }
    List<String> tried = new ArrayList<>();
    String resource = folder + "/" + platform() + "/" + fileName;
    if (NativeLibrary.class.getClassLoader().getResource(resource) != null) {
      return new NativeLibrary(name, bundled(resource, companions), "class path: " + resource);
    }
    tried.add("class path: " + resource);
    try {
      return new NativeLibrary(
          name, SymbolLookup.libraryLookup(fileName, Arena.global()), "system: " + fileName);
    } catch (IllegalArgumentException e) {
      tried.add("system: " + fileName);
    }
    throw new PeerUnavailableException(
        fileName + " was not found: set -D" + property + "=FILE, tried=" + tried);
  }

  /**
   * A function of the library, behind an interface whose one method has its parameters and result,
   * and declares what it throws: nothing.
   *
   * @throws PeerUnavailableException one sentence, if the library has none of this name
   */
  <T> T function(Class<T> face, String symbol, Linker.Option... options) {
    MemorySegment address =
        symbols
            .find(symbol)
            .orElseThrow(
                () ->
                    new PeerUnavailableException(
                        name + " lacks a function: name=" + symbol + " library=" + origin));
    MethodHandle handle = Linker.nativeLinker().downcallHandle(address, type(face), options);
    return MethodHandleProxies.asInterfaceInstance(face, handle);
  }

  /** The text a {@code const char *} points to. */
  static String text(MemorySegment pointer) {
    return pointer.reinterpret(LONGEST_TEXT_BYTES).getString(0);
  }

  private static FunctionDescriptor type(Class<?> face) {
    Method method = face.getMethods()[0];
    MemoryLayout[] parameters =
        Stream.of(method.getParameterTypes())
            .map(NativeLibrary::layout)
            .toArray(MemoryLayout[]::new);
    Class<?> result = method.getReturnType();
    return result == void.class
        ? FunctionDescriptor.ofVoid(parameters)
        : FunctionDescriptor.of(layout(result), parameters);
  }

  private static MemoryLayout layout(Class<?> type) {
    return Stream.of(
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_BYTE,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_FLOAT)
        .filter(layout -> layout.carrier() == type)
        .findFirst()
        .orElseThrow();
  }

  /** The files are deleted as soon as they are open: a process that is killed leaves none. */
  private static SymbolLookup bundled(String resource, List<String> companions) {
    List<Path> files = new ArrayList<>();
    try {
      Path folder = Files.createTempDirectory("shardmark");
      files.add(folder);
      try {
        int slash = resource.lastIndexOf('/');
        for (String companion : companions) {
          lookup(extract(resource.substring(0, slash + 1) + companion, folder, files));
        }
        return lookup(extract(resource, folder, files));
      } finally {
        for (Path file : files.reversed()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new PeerUnavailableException(
          "a library could not be unpacked: resource=" + resource + " cause=" + e.getMessage());
    }
  }

  private static Path extract(String resource, Path folder, List<Path> files) throws IOException {
    Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    files.add(file);
    try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no such resource");
      }
      Files.copy(in, file);
    }
    return file;
  }

  private static SymbolLookup lookup(Path file) {
    try {
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new PeerUnavailableException("a library does not open: file=" + file);
    }
  }

  /** The name packages on Maven Central use, for example {@code linux-x86_64}. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    return (os.startsWith("mac") ? "macosx" : os.startsWith("win") ? "windows" : "linux")
        + "-"
        + (arch.equals("amd64") ? "x86_64" : arch.equals("aarch64") ? "arm64" : arch);
  }
}
