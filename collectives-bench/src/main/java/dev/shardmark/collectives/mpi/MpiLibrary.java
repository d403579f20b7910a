package dev.shardmark.collectives.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

/**
 * The shared library of an MPI implementation: the file that the property {@value #PROPERTY} names,
 * or else the first of the usual names that the system's loader finds.
 *
 * <p>Functions stand behind interfaces whose one method has their parameters: a {@code long} is a
 * handle, whatever it is in C.
 */
@SuppressWarnings("restricted") // native access is what it is for
final class MpiLibrary {
  /** Names the library's file. */
  static final String PROPERTY = "shardmark.mpi";

  private static final List<String> NAMES =
      List.of("libmpi_abi.so.1", "libmpi.so.40", "libmpi.so.12", "libmpi.so");

  private final SymbolLookup symbols;
  private final String origin;
  private final MpiAbi abi;

  private MpiLibrary(SymbolLookup symbols, String origin) {
    this.symbols = symbols;
    this.origin = origin;
    abi = abi(symbols);
  }

  /** Standard if it says so itself, else by the symbols it exports. */
  private static MpiAbi abi(SymbolLookup symbols) {
    if (standardVersion(symbols) > 0) {
      return MpiAbi.STANDARD;
    }
    return symbols.find("ompi_mpi_comm_self").isPresent() ? MpiAbi.OPEN_MPI : MpiAbi.MPICH;
  }

  /** The major version of the standard interface, or 0 or less if the library has another. */
  private static int standardVersion(SymbolLookup symbols) {
    FunctionDescriptor form =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    return symbols
        .find("MPI_Abi_get_version")
        .map(address -> Linker.nativeLinker().downcallHandle(address, form))
        .map(handle -> MethodHandleProxies.asInterfaceInstance(AbiVersion.class, handle))
        .map(
            version -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
                MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
                version.get(major, minor);
                return major.get(ValueLayout.JAVA_INT, 0);
              }
            })
        .orElse(0);
  }

  /** {@code int MPI_Abi_get_version(int *major, int *minor)}. */
  public interface AbiVersion {
    int get(MemorySegment major, MemorySegment minor);
  }

  /**
   * Opens the library.
   *
   * @throws MpiUnavailableException saying what was tried, if none opens
   */
  static MpiLibrary open() {
    String named = System.getProperty(PROPERTY);
    for (String name : named == null ? NAMES : List.of(named)) {
      try {
        return new MpiLibrary(SymbolLookup.libraryLookup(name, Arena.global()), name);
      } catch (IllegalArgumentException e) {
        continue; // the next name; all of them are in the message
      }
    }
    throw new MpiUnavailableException(
        "no MPI library was found: install openmpi-bin, or set -D"
            + PROPERTY
            + "=FILE: tried="
            + (named == null ? NAMES : named));
  }

  MpiAbi abi() {
    return abi;
  }

  String origin() {
    return origin;
  }

  long handle(MpiAbi.Handle handle) {
    return abi.handle(symbols, handle);
  }

  /**
   * A function that may be called for long, and takes memory outside the heap.
   *
   * @throws MpiUnavailableException if the library has none of this name
   */
  <T> T function(Class<T> face, String symbol) {
    return bind(face, symbol);
  }

  /**
   * A function that takes arrays of the heap without a copy. The collector waits while it runs, and
   * so does nobody else: the ranks it waits for are other processes.
   */
  <T> T ofHeap(Class<T> face, String symbol) {
    return bind(face, symbol, Linker.Option.critical(true));
  }

  private <T> T bind(Class<T> face, String symbol, Linker.Option... options) {
    MemorySegment address =
        symbols
            .find(symbol)
            .orElseThrow(
                () ->
                    new MpiUnavailableException(
                        "the MPI library lacks a function: name=" + symbol + " library=" + origin));
    Method method = face.getMethods()[0];
    MemoryLayout[] parameters =
        Stream.of(method.getParameterTypes()).map(this::layout).toArray(MemoryLayout[]::new);
    FunctionDescriptor form = FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters);
    MethodHandle handle = Linker.nativeLinker().downcallHandle(address, form, options);
    MethodType type = MethodType.methodType(int.class, method.getParameterTypes());
    return MethodHandleProxies.asInterfaceInstance(
        face, MethodHandles.explicitCastArguments(handle, type));
  }

  /** Pointers are passed as numbers of their width are. */
  private MemoryLayout layout(Class<?> type) {
    if (type == long.class) {
      return abi.handleBytes() == Integer.BYTES ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG;
    }
    return type == int.class ? ValueLayout.JAVA_INT : ValueLayout.ADDRESS;
  }
}
