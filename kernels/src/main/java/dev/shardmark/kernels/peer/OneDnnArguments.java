package dev.shardmark.kernels.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** Which operand of a primitive lies where: an array of {@code dnnl_exec_arg_t}. */
final class OneDnnArguments {
  static final int SOURCE = 1; // DNNL_ARG_SRC, DNNL_ARG_FROM
  static final int DESTINATION = 17; // DNNL_ARG_DST, DNNL_ARG_TO
  static final int WEIGHTS = 33; // DNNL_ARG_WEIGHTS

  private static final StructLayout ARGUMENT =
      MemoryLayout.structLayout(JAVA_INT, MemoryLayout.paddingLayout(Integer.BYTES), ADDRESS);

  private static final long MEMORY_AT = 2 * Integer.BYTES;

  private final MemorySegment segment;
  private final int[] roles;

  /** Room for one operand of each role. */
  OneDnnArguments(Arena arena, int... roles) {
    this.roles = roles.clone();
    segment = arena.allocate(ARGUMENT, roles.length);
    for (int i = 0; i < roles.length; i++) {
      segment.set(JAVA_INT, i * ARGUMENT.byteSize(), roles[i]);
    }
  }

  /** Says where the operand of a role lies. */
  OneDnnArguments with(int role, OneDnnMatrix operand) {
    for (int i = 0; i < roles.length; i++) {
      if (roles[i] == role) {
        segment.set(ADDRESS, i * ARGUMENT.byteSize() + MEMORY_AT, operand.memory());
      }
    }
    return this;
  }

  int count() {
    return roles.length;
  }

  MemorySegment segment() {
    return segment;
  }
}
