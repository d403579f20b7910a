package dev.shardmark.collectives;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.util.BitSet;
import java.util.Optional;

/**
 * The cores on which the calling thread may run, where the system lets a thread choose: {@code
 * sched_getaffinity} and {@code sched_setaffinity} of Linux.
 */
@SuppressWarnings("restricted") // it calls the C library
final class Affinity {
  /** Bytes of a {@code cpu_set_t}: 1024 cores. */
  private static final long SET_BYTES = 128;

  private static final FunctionDescriptor FORM =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

  private static final Optional<OfThread> GET = find("sched_getaffinity");
  private static final Optional<OfThread> SET = find("sched_setaffinity");

  /** Either function; thread 0 is the one that calls. */
  @FunctionalInterface
  public interface OfThread {
    int apply(int thread, long bytes, MemorySegment set);
  }

  private Affinity() {}

  private static Optional<OfThread> find(String name) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, FORM))
        .map(handle -> MethodHandleProxies.asInterfaceInstance(OfThread.class, handle));
  }

  /** The cores this thread may run on, if that can be found out. */
  static Optional<BitSet> cores() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(SET_BYTES, Long.BYTES);
      if (GET.isEmpty() || GET.get().apply(0, SET_BYTES, set) < 0) {
        return Optional.empty();
      }
      return Optional.of(BitSet.valueOf(set.toArray(ValueLayout.JAVA_LONG)));
    }
  }

  /** Keeps this thread on these cores from now on; false if the system does not. */
  static boolean keepOn(BitSet cores) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(SET_BYTES, Long.BYTES);
      long[] words = cores.toLongArray();
      MemorySegment.copy(words, 0, set, ValueLayout.JAVA_LONG, 0, words.length);
      return SET.isPresent() && SET.get().apply(0, SET_BYTES, set) == 0;
    }
  }
}
