package dev.shardmark.results.report;

/**
 * The names benchmarks give to rows, parameters, metrics and facts, as far as a reader must know.
 */
public final class Names {
  /** Loops that find the roofs. */
  public static final String ROOF = "RoofBenchmark.loop";

  /** One rank's shard of a linear, alone on a core. */
  public static final String SHARD = "TensorParallelBenchmark.shard";

  /** The same linear split over real ranks, with its all-reduce. */
  public static final String RANKS = "TensorParallelBenchmark.ranks";

  /** A whole layer on one rank, with the time and the flop of each operation. */
  public static final String LAYER = "LayerBenchmark.run";

  /** Start of the benchmarks of a sweep over sizes; the rest is the collective. */
  public static final String SWEEP = "Sweep.";

  /** Start of the benchmarks of a layer split along one axis; the rest is the axis. */
  public static final String AXIS = "Shard.";

  public static final String TENSOR = "tensor";
  public static final String SEQUENCE = "sequence";
  public static final String EXPERT = "expert";
  public static final String CONTEXT = "context";
  public static final String PIPELINE = "pipeline";
  public static final String DATA = "data";

  /** Ranks of the axis. */
  public static final String DEGREE = "degree";

  public static final String PHASE = "phase";
  public static final String PREFILL = "prefill";
  public static final String DECODE = "decode";

  /** How the axis does it, for example {@code zigzag}. */
  public static final String SCHEME = "scheme";

  /** The value of {@link #TRANSPORT} of one rank's shard without the others. */
  public static final String ALONE = "alone";

  /** What a rank sends in a step: by the formula where it is alone, counted among others. */
  public static final String SENT_BYTES = "sentBytes";

  public static final String WEIGHT_BYTES = "weightBytes";

  /** Of a rank's weights, what other ranks of the axis hold as well. */
  public static final String DUPLICATED_BYTES = "duplicatedBytes";

  /** How much of a layer's weights is split. */
  public static final String SPLIT_PERCENT = "splitPercent";

  /** Keys and values of one token on a rank. */
  public static final String CACHE_BYTES = "cacheBytes";

  public static final String COMPUTE_US = "computeUs";
  public static final String COMMUNICATION_US = "communicationUs";
  public static final String WAITING_US = "waitingUs";

  /** Attention of one rank over that of all as long as the longest, percent. */
  public static final String ATTENTION_EFFICIENCY = "attentionEfficiency";

  /** How many times as fast as one rank that has the same tokens. */
  public static final String SPEEDUP = "speedup";

  public static final String ALGORITHM = "algorithm";

  /** The value of {@link #ALGORITHM} that chooses another by size. */
  public static final String AUTO = "auto";

  public static final String GROUP = "ranks";
  public static final String TRANSPORT = "transport";
  public static final String BYTES = "bytes";
  public static final String PLACE = "place";

  /** The place that algorithms are compared in, where there is such a call. */
  public static final String IN_PLACE = "in_place";

  /** Bandwidth in the conventions of nccl-tests. */
  public static final String BUS_BANDWIDTH = "busbw";

  /** The time that a model of steps and bytes gives, fitted to the rows of one algorithm. */
  public static final String FIT = "fit";

  /** Start of the percentiles of single calls, {@code isolated.p50} to {@code isolated.max}. */
  public static final String ISOLATED = "isolated.";

  /** Start of the facts that say from which size on which algorithm is fastest. */
  public static final String THRESHOLDS = "thresholds.";

  public static final String MODEL = "model";
  public static final String LINEAR = "linear";
  public static final String TP = "tp";
  public static final String TOKENS = "tokens";
  public static final String WEIGHTS = "weights";
  public static final String VARIANT = "variant";
  public static final String ALL_REDUCE = "allreduce";

  /** Values of {@link #VARIANT} that are no library: our kernels, and plain loops. */
  public static final String VECTOR = "vector";

  public static final String SCALAR = "scalar";

  public static final String COMPUTE = "compute";
  public static final String COMMUNICATION = "communication";
  public static final String WAIT = "wait";
  public static final String ALLOCATED = "allocated";

  /** Prefix of an operation's flop; the rest is the name of its time, {@code part.operation}. */
  public static final String FLOP = "flop.";

  /** The part of a layer that is matrix products. */
  public static final String PRODUCT = "product";

  public static final String FMA = "fma";
  public static final String READ = "read";

  public static final String CPU_MODEL = "cpu.model";
  public static final String CPU_CORES = "cpu.cores";
  public static final String JVM_NAME = "jvm.name";
  public static final String JVM_VERSION = "jvm.version";
  public static final String GIT_COMMIT = "git.commit";
  public static final String GIT_DIRTY = "git.dirty";

  /** Start of the facts that describe a library to compare with. */
  public static final String PEER = "peer.";

  /** Start of a fact that could not be read, before the reason. */
  public static final String UNAVAILABLE = "unavailable";

  private Names() {}
}
