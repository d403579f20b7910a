package dev.shardmark.kernels.peer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A shared library and where it was found: the file a property names, or else a copy on the class
 * path, or else whatever the system's loader finds by its name.
 *
 * @param symbols its functions
 * @param origin where it came from, for people
 */
@SuppressWarnings("restricted") // native access is what it is for
record NativeLibrary(SymbolLookup symbols, String origin) {
  /**
   * Opens a library.
   *
   * @param property system property that may name its file
   * @param folder class path folder that may hold it, without the platform
   * @param fileName its file name, with the version of its interface
   * @param companions files beside it that it needs, in the order they are loaded
   * @throws PeerUnavailableException one sentence that says what was tried, if none opens
   */
  static NativeLibrary open(
      String property, String folder, String fileName, List<String> companions) {
    String named = System.getProperty(property);
    if (named != null) { // what was asked for, or nothing
      return new NativeLibrary(lookup(Path.of(named)), named);
    }
    List<String> tried = new ArrayList<>();
    String resource = folder + "/" + platform() + "/" + fileName;
    if (NativeLibrary.class.getClassLoader().getResource(resource) != null) {
      return new NativeLibrary(bundled(resource, companions), "class path: " + resource);
    }
    tried.add("class path: " + resource);
    try {
      return new NativeLibrary(
          SymbolLookup.libraryLookup(fileName, Arena.global()), "system: " + fileName);
    } catch (IllegalArgumentException e) {
      tried.add("system: " + fileName);
    }
    throw new PeerUnavailableException(
        fileName + " was not found: set -D" + property + "=FILE, tried=" + tried);
  }

  private static SymbolLookup bundled(String resource, List<String> companions) {
    try {
      Path folder = Files.createTempDirectory("shardmark");
      folder.toFile().deleteOnExit();
      String path = resource.substring(0, resource.lastIndexOf('/') + 1);
      for (String companion : companions) {
        lookup(extract(path + companion, folder));
      }
      return lookup(extract(resource, folder));
    } catch (IOException e) {
      throw new PeerUnavailableException(
          "a library could not be unpacked: resource=" + resource + " cause=" + e.getMessage());
    }
  }

  private static Path extract(String resource, Path folder) throws IOException {
    Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no such resource");
      }
      Files.copy(in, file);
    }
    file.toFile().deleteOnExit();
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
