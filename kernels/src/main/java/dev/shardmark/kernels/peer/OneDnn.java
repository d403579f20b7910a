package dev.shardmark.kernels.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * oneDNN on one CPU engine and one stream: one instance a process.
 *
 * <p>Its OpenMP keeps the number of threads apart for every thread that calls, so that each call
 * sets it to one first.
 */
@SuppressWarnings("restricted") // native access is what it is for
final class OneDnn {
  private static final Once<OneDnn> HERE = new Once<>(OneDnn::new);

  private static final int CPU = 1; // dnnl_cpu
  private static final int IN_ORDER = 1; // dnnl_stream_in_order
  private static final int F32 = 3; // dnnl_f32
  private static final int ANY = 1; // dnnl_format_tag_any
  private static final int WEIGHTS_DESCRIPTOR = 131; // dnnl_query_weights_md
  private static final int FORWARD_INFERENCE = 96; // dnnl_forward_inference
  private static final int SOFTMAX_ACCURATE = 0x30000; // dnnl_softmax_accurate
  private static final int VERSION_BYTES = 3 * Integer.BYTES; // major, minor, patch come first
  private static final MemorySegment NONE = MemorySegment.NULL;

  private final OneDnnApi api;
  private final MemorySegment engine;
  private final MemorySegment stream;
  private final String description;

  private OneDnn() {
    NativeLibrary library =
        NativeLibrary.open(
            "oneDNN",
            "shardmark.onednn",
            "org/bytedeco/dnnl",
            "libdnnl.so.3",
            List.of("libgomp.so.1"));
    api = new OneDnnApi(library);
    engine = created("dnnl_engine_create", out -> api.createEngine.into(out, CPU, 0));
    stream = created("dnnl_stream_create", out -> api.createStream.into(out, engine, IN_ORDER));
    MemorySegment version = api.version.get().reinterpret(VERSION_BYTES);
    description =
        "oneDNN "
            + version.getAtIndex(JAVA_INT, 0)
            + "."
            + version.getAtIndex(JAVA_INT, 1)
            + "."
            + version.getAtIndex(JAVA_INT, 2)
            + ", kernels for "
            + NativeLibrary.text(api.isaText.of(api.isa.get())).replace("cpu_isa_", "")
            + ", "
            + library.origin();
  }

  /** The library of this process. */
  static OneDnn here() {
    return HERE.get();
  }

  /** Version, the instruction set it chose for this CPU, and where it was found. */
  String description() {
    return description;
  }

  /** {@code dnnl_sgemm}, row-major: {@code C = alpha op(A) op(B) + beta C}. */
  void sgemm(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    api.setThreads.to(1);
    int status =
        api.sgemm.multiply(
            code(opA),
            code(opB),
            c.rows(),
            c.cols(),
            opA.cols(a),
            alpha,
            HeapOperand.segment(a),
            HeapOperand.stride(a),
            HeapOperand.segment(b),
            HeapOperand.stride(b),
            beta,
            HeapOperand.segment(c),
            HeapOperand.stride(c));
    check("dnnl_sgemm", status);
  }

  private static byte code(Op op) {
    return (byte) (op == Op.TRANSPOSED ? 'T' : 'N');
  }

  /** A descriptor of rows x cols floats, one row after the other. */
  MemorySegment rowMajor(Arena arena, long rows, long cols) {
    return strided(arena, rows, cols, cols, 1);
  }

  /** A descriptor of rows x cols floats, one column after the other. */
  MemorySegment columnMajor(Arena arena, long rows, long cols) {
    return strided(arena, rows, cols, 1, rows);
  }

  private MemorySegment strided(Arena arena, long rows, long cols, long rowStride, long colStride) {
    MemorySegment sizes = arena.allocateFrom(JAVA_LONG, rows, cols);
    MemorySegment strides = arena.allocateFrom(JAVA_LONG, rowStride, colStride);
    return owned(
        arena,
        "dnnl_memory_desc_create_with_strides",
        out -> api.describeStrides.into(out, 2, sizes, F32, strides),
        api.releaseDescriptor);
  }

  /** A descriptor of rows x cols floats in the order that the primitive likes best. */
  MemorySegment anyOrder(Arena arena, long rows, long cols) {
    MemorySegment sizes = arena.allocateFrom(JAVA_LONG, rows, cols);
    return owned(
        arena,
        "dnnl_memory_desc_create_with_tag",
        out -> api.describeTag.into(out, 2, sizes, F32, ANY),
        api.releaseDescriptor);
  }

  /** Bytes of what a descriptor describes. */
  long bytes(MemorySegment descriptor) {
    return api.sizeOf.bytes(descriptor);
  }

  /** A memory object of the library's own allocation. */
  MemorySegment memory(Arena arena, MemorySegment descriptor) {
    MemorySegment allocate = MemorySegment.ofAddress(-1); // DNNL_MEMORY_ALLOCATE
    return owned(
        arena,
        "dnnl_memory_create",
        out -> api.createMemory.into(out, descriptor, engine, allocate),
        api.releaseMemory);
  }

  /** Where the elements of a memory object lie. */
  MemorySegment data(MemorySegment memory) {
    return created("dnnl_memory_get_data_handle", out -> api.findData.into(memory, out));
  }

  /** A description of C = A B. */
  MemorySegment matmul(Arena arena, MemorySegment a, MemorySegment b, MemorySegment c) {
    return owned(
        arena,
        "dnnl_matmul_primitive_desc_create",
        out -> api.describeMatmul.into(out, engine, a, b, NONE, c, NONE),
        api.releaseDescription);
  }

  /** The descriptor of B in the order that a matmul chose. */
  MemorySegment weights(MemorySegment matmul) {
    return api.query.descriptor(matmul, WEIGHTS_DESCRIPTOR, 0);
  }

  /** A description of a copy from one order into another. */
  MemorySegment reorder(Arena arena, MemorySegment from, MemorySegment to) {
    return owned(
        arena,
        "dnnl_reorder_primitive_desc_create",
        out -> api.describeReorder.into(out, from, engine, to, engine, NONE),
        api.releaseDescription);
  }

  /** A description of softmax over the rows of an operand. */
  MemorySegment softmax(Arena arena, MemorySegment x) {
    int alongRows = 1;
    return owned(
        arena,
        "dnnl_softmax_forward_primitive_desc_create",
        out ->
            api.describeSoftmax.into(
                out, engine, FORWARD_INFERENCE, SOFTMAX_ACCURATE, x, x, alongRows, NONE),
        api.releaseDescription);
  }

  /** The code for what was described, compiled for one thread. */
  MemorySegment primitive(Arena arena, MemorySegment described) {
    return owned(
        arena,
        "dnnl_primitive_create",
        out -> api.createPrimitive.into(out, described),
        api.releasePrimitive);
  }

  /** Runs a primitive to its end. */
  void execute(MemorySegment primitive, OneDnnArguments arguments) {
    api.setThreads.to(1);
    check(
        "dnnl_primitive_execute",
        api.execute.run(primitive, stream, arguments.count(), arguments.segment()));
  }

  /** An object that is released with its arena. */
  private MemorySegment owned(
      Arena arena, String function, Creation creation, OneDnnApi.Release release) {
    return created(function, creation).reinterpret(arena, release::of);
  }

  private MemorySegment created(String function, Creation creation) {
    api.setThreads.to(1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      check(function, creation.into(out));
      return out.get(ADDRESS, 0);
    }
  }

  private void check(String function, int status) {
    if (status != 0) {
      throw new IllegalStateException(
          "oneDNN failed: function="
              + function
              + " status="
              + NativeLibrary.text(api.statusText.of(status)));
    }
  }

  /** A function that leaves a pointer where it is told to, and returns a status. */
  private interface Creation {
    int into(MemorySegment out);
  }
}
