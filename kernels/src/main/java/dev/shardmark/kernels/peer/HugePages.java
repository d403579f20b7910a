package dev.shardmark.kernels.peer;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Asks for huge pages, as the flags of every fork do for the heap: otherwise a peer's weights would
 * lie on small ones, and the TLB would be what is compared.
 */
@SuppressWarnings("restricted") // native access is what it is for
final class HugePages {
  private static final long BYTES = 2 << 20;
  private static final int MADV_HUGEPAGE = 14; // of Linux
  private static final Optional<Advise> ADVISE = find();

  private HugePages() {}

  /** Memory that has not been touched yet; a kernel that has no huge pages may refuse. */
  static void advise(MemorySegment memory) {
    long start = Math.ceilDiv(memory.address(), BYTES) * BYTES;
    long end = (memory.address() + memory.byteSize()) / BYTES * BYTES;
    if (start < end) {
      ADVISE.ifPresent(
          advise -> advise.on(MemorySegment.ofAddress(start), end - start, MADV_HUGEPAGE));
    }
  }

  private static Optional<Advise> find() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    NativeLibrary c =
        new NativeLibrary("the C library", Linker.nativeLinker().defaultLookup(), "the process");
    return Optional.of(c.function(Advise.class, "madvise"));
  }

  /** {@code int madvise(void *, size_t, int)}. */
  public interface Advise {
    int on(MemorySegment start, long bytes, int advice);
  }
}
