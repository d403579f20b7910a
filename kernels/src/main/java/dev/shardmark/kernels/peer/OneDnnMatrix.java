package dev.shardmark.kernels.peer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.shardmark.kernels.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An operand in oneDNN's own memory, because its primitives take no arrays of the heap; on huge
 * pages, as arrays are.
 */
final class OneDnnMatrix {
  private final MemorySegment memory;
  private final MemorySegment data;

  /** An operand with elements as described; the descriptor may go. */
  @SuppressWarnings("restricted") // the library says where its memory lies
  OneDnnMatrix(OneDnn library, Arena arena, MemorySegment descriptor) {
    memory = library.memory(arena, descriptor);
    data = library.data(memory).reinterpret(library.bytes(descriptor), arena, null);
    HugePages.advise(data);
  }

  /** The {@code dnnl_memory_t}. */
  MemorySegment memory() {
    return memory;
  }

  /** Takes over a matrix row by row, times a factor. */
  void load(float scale, Matrix x) {
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.cols(); j++) {
        data.setAtIndex(JAVA_FLOAT, (long) i * x.cols() + j, scale * x.at(i, j));
      }
    }
  }

  /** Takes over a matrix row by row. */
  void load(Matrix x) {
    for (int i = 0; i < x.rows(); i++) {
      int at = x.offset() + i * x.rowStride();
      MemorySegment.copy(x.data(), at, data, JAVA_FLOAT, at(i, x), x.cols());
    }
  }

  /** Hands over a matrix row by row. */
  void store(Matrix x) {
    for (int i = 0; i < x.rows(); i++) {
      int at = x.offset() + i * x.rowStride();
      MemorySegment.copy(data, JAVA_FLOAT, at(i, x), x.data(), at, x.cols());
    }
  }

  private static long at(int row, Matrix x) {
    return (long) Float.BYTES * row * x.cols();
  }
}
