package dev.shardmark.model;

/**
 * Into how many parts each axis splits a model. A degree of 1 leaves its axis alone.
 *
 * <p>Ranks are tensor x context x pipeline x data, as in Megatron-Core. Expert parallelism adds
 * none: it deals the routed experts of an expert layer to ranks the other axes already made, so
 * {@code expert} divides tensor x context x data. Eight ranks that compute attention on their own
 * tokens and exchange them for experts are {@code data = 8, expert = 8}.
 *
 * <p>An expert degree of 1 splits every routed expert by the tensor degree, like a dense MLP. A
 * greater one leaves experts whole (vLLM's {@code --enable-expert-parallel}, Megatron-Core's {@code
 * --expert-tensor-parallel-size 1}). The shared expert is split by the tensor degree in both.
 *
 * <p>Key/value heads divide among tensor ranks until each has one; from there on they are
 * replicated, as in vLLM. Megatron-Core and vLLM pad a vocabulary that does not divide; here it is
 * an error.
 *
 * @param tensor splits heads, MLP widths and vocabulary
 * @param sequence whether tensor ranks also split tokens between their linears, where they would
 *     otherwise repeat norms and residuals (Megatron's sequence parallelism): all-reduces become a
 *     reduce-scatter and an all-gather of the same elements
 * @param expert splits the set of routed experts
 * @param context splits the tokens of each sequence
 * @param pipeline splits the layers into stages, equal and contiguous
 * @param data splits the sequences
 * @throws IllegalArgumentException if a degree is below 1
 */
public record ShardPlan(
    int tensor, boolean sequence, int expert, int context, int pipeline, int data) {
  /** One rank that holds everything. */
  public static final ShardPlan UNSHARDED = new ShardPlan(1, false, 1, 1, 1, 1);

  public ShardPlan {
    requirePositive("tensor", tensor);
    requirePositive("expert", expert);
    requirePositive("context", context);
    requirePositive("pipeline", pipeline);
    requirePositive("data", data);
  }

  public ShardPlan withTensor(int degree) {
    return new ShardPlan(degree, sequence, expert, context, pipeline, data);
  }

  public ShardPlan withSequence() {
    return new ShardPlan(tensor, true, expert, context, pipeline, data);
  }

  public ShardPlan withExpert(int degree) {
    return new ShardPlan(tensor, sequence, degree, context, pipeline, data);
  }

  public ShardPlan withContext(int degree) {
    return new ShardPlan(tensor, sequence, expert, degree, pipeline, data);
  }

  public ShardPlan withPipeline(int degree) {
    return new ShardPlan(tensor, sequence, expert, context, degree, data);
  }

  public ShardPlan withData(int degree) {
    return new ShardPlan(tensor, sequence, expert, context, pipeline, degree);
  }

  /** Ranks of the whole plan: tensor x context x pipeline x data. */
  public int ranks() {
    return Math.multiplyExact(stageRanks(), pipeline);
  }

  /** Ranks of one pipeline stage: tensor x context x data. */
  public int stageRanks() {
    return Math.multiplyExact(tensor, tokenParts());
  }

  /** Into how many parts the tokens of a step are split: context x data. */
  int tokenParts() {
    return Math.multiplyExact(context, data);
  }

  /** The share of one rank in {@code total}, which the degree must divide. */
  static int share(String axis, int degree, String what, String name, int total) {
    if (total % degree != 0) {
      throw new IllegalArgumentException(
          axis
              + " degree must divide the "
              + what
              + ": "
              + axis
              + "="
              + degree
              + " "
              + name
              + "="
              + total);
    }
    return total / degree;
  }

  private static void requirePositive(String axis, int degree) {
    if (degree < 1) {
      throw new IllegalArgumentException(
          axis + " degree must be at least 1: " + axis + "=" + degree);
    }
  }
}
