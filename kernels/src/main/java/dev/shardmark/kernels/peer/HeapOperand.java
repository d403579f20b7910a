package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import java.lang.foreign.MemorySegment;

/** A matrix as the C interfaces take it: where it starts, and its leading dimension. */
final class HeapOperand {
  private HeapOperand() {}

  /** From element (0, 0) to the end of the buffer; the shape was checked when the view was made. */
  static MemorySegment segment(Matrix x) {
    return MemorySegment.ofArray(x.data()).asSlice((long) Float.BYTES * x.offset());
  }

  /** A leading dimension must be positive even of an operand without elements. */
  static int stride(Matrix x) {
    return Math.max(1, x.rowStride());
  }
}
