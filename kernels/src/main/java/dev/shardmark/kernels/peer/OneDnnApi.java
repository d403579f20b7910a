package dev.shardmark.kernels.peer;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * The functions of oneDNN's {@code dnnl.h} that are called here, each by its C signature.
 *
 * <p>Every {@code int} result that is not said to be something else is a {@code dnnl_status_t}.
 */
final class OneDnnApi {
  final Sgemm sgemm;
  final SetThreads setThreads;
  final Number isa;
  final TextOf isaText;
  final TextOf statusText;
  final Pointer version;
  final CreateEngine createEngine;
  final CreateStream createStream;
  final DescribeStrides describeStrides;
  final DescribeTag describeTag;
  final Release releaseDescriptor;
  final CreateMemory createMemory;
  final Find findData;
  final Release releaseMemory;
  final SizeOf sizeOf;
  final DescribeMatmul describeMatmul;
  final DescribeSoftmax describeSoftmax;
  final DescribeReorder describeReorder;
  final Query query;
  final Release releaseDescription;
  final Create createPrimitive;
  final Execute execute;
  final Release releasePrimitive;

  OneDnnApi(NativeLibrary library) {
    // Critical, so that arrays of the heap go in without a copy. No safepoint passes meanwhile.
    sgemm = library.function(Sgemm.class, "dnnl_sgemm", Linker.Option.critical(true));
    setThreads = library.function(SetThreads.class, "omp_set_num_threads");
    isa = library.function(Number.class, "dnnl_get_effective_cpu_isa");
    isaText = library.function(TextOf.class, "dnnl_cpu_isa2str");
    statusText = library.function(TextOf.class, "dnnl_status2str");
    version = library.function(Pointer.class, "dnnl_version");
    createEngine = library.function(CreateEngine.class, "dnnl_engine_create");
    createStream = library.function(CreateStream.class, "dnnl_stream_create");
    describeStrides =
        library.function(DescribeStrides.class, "dnnl_memory_desc_create_with_strides");
    describeTag = library.function(DescribeTag.class, "dnnl_memory_desc_create_with_tag");
    releaseDescriptor = library.function(Release.class, "dnnl_memory_desc_destroy");
    createMemory = library.function(CreateMemory.class, "dnnl_memory_create");
    findData = library.function(Find.class, "dnnl_memory_get_data_handle");
    releaseMemory = library.function(Release.class, "dnnl_memory_destroy");
    sizeOf = library.function(SizeOf.class, "dnnl_memory_desc_get_size");
    describeMatmul = library.function(DescribeMatmul.class, "dnnl_matmul_primitive_desc_create");
    describeSoftmax =
        library.function(DescribeSoftmax.class, "dnnl_softmax_forward_primitive_desc_create");
    describeReorder = library.function(DescribeReorder.class, "dnnl_reorder_primitive_desc_create");
    query = library.function(Query.class, "dnnl_primitive_desc_query_md");
    releaseDescription = library.function(Release.class, "dnnl_primitive_desc_destroy");
    createPrimitive = library.function(Create.class, "dnnl_primitive_create");
    execute = library.function(Execute.class, "dnnl_primitive_execute");
    releasePrimitive = library.function(Release.class, "dnnl_primitive_destroy");
  }

  /**
   * {@code dnnl_sgemm(char transa, char transb, int64 M, int64 N, int64 K, float alpha, const float
   * *A, int64 lda, const float *B, int64 ldb, float beta, float *C, int64 ldc)}, row-major.
   */
  public interface Sgemm {
    int multiply(
        byte transA,
        byte transB,
        long m,
        long n,
        long k,
        float alpha,
        MemorySegment a,
        long lda,
        MemorySegment b,
        long ldb,
        float beta,
        MemorySegment c,
        long ldc);
  }

  /** {@code void omp_set_num_threads(int)}: of the calling thread alone. */
  public interface SetThreads {
    void to(int threads);
  }

  /** {@code dnnl_cpu_isa_t f(void)}: not a status. */
  public interface Number {
    int get();
  }

  /** {@code const char *f(enum)}. */
  public interface TextOf {
    MemorySegment of(int value);
  }

  /** {@code const dnnl_version_t *f(void)}. */
  public interface Pointer {
    MemorySegment get();
  }

  /** {@code f(dnnl_engine_t *, dnnl_engine_kind_t, size_t index)}. */
  public interface CreateEngine {
    int into(MemorySegment engine, int kind, long index);
  }

  /** {@code f(dnnl_stream_t *, dnnl_engine_t, unsigned flags)}. */
  public interface CreateStream {
    int into(MemorySegment stream, MemorySegment engine, int flags);
  }

  /**
   * {@code f(dnnl_memory_desc_t *, int ndims, const int64 *dims, dnnl_data_type_t, const int64
   * *strides)}.
   */
  public interface DescribeStrides {
    int into(
        MemorySegment descriptor, int dims, MemorySegment sizes, int type, MemorySegment strides);
  }

  /**
   * {@code f(dnnl_memory_desc_t *, int ndims, const int64 *dims, dnnl_data_type_t,
   * dnnl_format_tag_t)}.
   */
  public interface DescribeTag {
    int into(MemorySegment descriptor, int dims, MemorySegment sizes, int type, int tag);
  }

  /** {@code f(dnnl_memory_t *, const_dnnl_memory_desc_t, dnnl_engine_t, void *handle)}. */
  public interface CreateMemory {
    int into(
        MemorySegment memory, MemorySegment descriptor, MemorySegment engine, MemorySegment data);
  }

  /** {@code f(const_dnnl_memory_t, void **handle)}. */
  public interface Find {
    int into(MemorySegment memory, MemorySegment data);
  }

  /** {@code size_t f(const_dnnl_memory_desc_t)}: not a status. */
  public interface SizeOf {
    long bytes(MemorySegment descriptor);
  }

  /** {@code f(dnnl_primitive_desc_t *, dnnl_engine_t, src, weights, bias, dst, attr)}. */
  public interface DescribeMatmul {
    int into(
        MemorySegment description,
        MemorySegment engine,
        MemorySegment source,
        MemorySegment weights,
        MemorySegment bias,
        MemorySegment destination,
        MemorySegment attributes);
  }

  /**
   * {@code f(dnnl_primitive_desc_t *, dnnl_engine_t, dnnl_prop_kind_t, dnnl_alg_kind_t, src, dst,
   * int axis, attr)}.
   */
  public interface DescribeSoftmax {
    int into(
        MemorySegment description,
        MemorySegment engine,
        int propagation,
        int algorithm,
        MemorySegment source,
        MemorySegment destination,
        int axis,
        MemorySegment attributes);
  }

  /** {@code f(dnnl_primitive_desc_t *, src, src engine, dst, dst engine, attr)}. */
  public interface DescribeReorder {
    int into(
        MemorySegment description,
        MemorySegment source,
        MemorySegment sourceEngine,
        MemorySegment destination,
        MemorySegment destinationEngine,
        MemorySegment attributes);
  }

  /**
   * {@code const_dnnl_memory_desc_t f(const_dnnl_primitive_desc_t, dnnl_query_t, int index)}: not a
   * status.
   */
  public interface Query {
    MemorySegment descriptor(MemorySegment description, int what, int index);
  }

  /** {@code f(dnnl_primitive_t *, const_dnnl_primitive_desc_t)}. */
  public interface Create {
    int into(MemorySegment primitive, MemorySegment description);
  }

  /**
   * {@code f(const_dnnl_primitive_t, dnnl_stream_t, int nargs, const dnnl_exec_arg_t *)}; the
   * stream is in order, and on a CPU the work is done when it returns.
   */
  public interface Execute {
    int run(MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments);
  }

  /** {@code f(object)}, for each kind of object. */
  public interface Release {
    int of(MemorySegment object);
  }
}
