package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * Ring attention: queries stay, keys and values go round.
 *
 * <p>In step i rank r attends to the keys of rank r - i, ranks modulo c, and merges the result into
 * what it has by {@link Attention#merge}. Before each step but the last it hands K and V on to rank
 * r + 1, one message for all sequences, and gets those of the next step into its other buffer.
 * Which queries see which keys is the {@link Placement}'s to say; a block that no query sees is
 * passed on and not computed.
 *
 * <p><b>Cost</b> c - 1 messages, {@link #sentBytes}; two buffers of K and V. Work is {@link
 * Placement#pairs}.
 *
 * <p><b>Order</b> a query's partial results are merged in the order r, r - 1, ..., r + 1.
 *
 * <p><b>Source</b> H. Liu et al., Ring Attention with Blockwise Transformers for Near-Infinite
 * Context, arXiv 2310.01889.
 */
public final class RingCore implements AttentionCore {
  private final Communicator context;
  private final AttentionShape held;
  private final Attention kernel;
  private final Meter meter;
  private final float scale;

  /** Elements of the K and V that arrive for each step. */
  private final int[] lengths;

  private final float[][] messages = new float[2][];
  private final Part[][] parts;

  /**
   * A core for sequences of these lengths.
   *
   * @param shape tokens of all context ranks, heads of this one
   * @param kernel of this rank alone
   * @throws IllegalArgumentException if the placement cannot divide the tokens
   */
  public RingCore(
      Communicator context,
      Placement placement,
      AttentionShape shape,
      Attention kernel,
      Meter meter) {
    this.context = context;
    this.kernel = kernel;
    this.meter = meter;
    scale = AttentionCore.scale(shape.headDim());
    int ranks = context.size();
    int rank = context.rank();
    held = placement.held(shape, rank, ranks);
    lengths = new int[ranks];
    int longest = 0;
    for (int step = 0; step < ranks; step++) {
      int tokens = placement.held(shape, source(step), ranks).allTokens();
      lengths[step] = Math.multiplyExact(tokens, shape.kvWidth());
      longest = Math.max(longest, lengths[step]);
    }
    messages[0] = new float[longest];
    messages[1] = new float[ranks == 1 ? 0 : longest];
    Matrix[] lse = new Matrix[shape.sequences()];
    Arrays.setAll(lse, i -> Matrix.zeros(held.tokens().get(i), shape.heads()));
    int queries = shape.heads() * held.tokens().stream().reduce(0, Math::max);
    float[] partO = new float[Math.multiplyExact(queries, shape.headDim())];
    float[] partLse = new float[queries];
    parts = new Part[ranks][shape.sequences()];
    for (int step = 0; step < ranks; step++) {
      int at = 0;
      for (int i = 0; i < lse.length; i++) {
        int tokens = shape.tokens().get(i);
        Placement.Block block = placement.block(tokens, rank, source(step), ranks);
        int theirs = placement.held(tokens, source(step), ranks);
        Heads k = Packing.view(messages[step % 2], at, theirs, shape.kvHeads(), shape.headDim());
        at += theirs * shape.kvWidth() / 2;
        Heads v = Packing.view(messages[step % 2], at, theirs, shape.kvHeads(), shape.headDim());
        at += theirs * shape.kvWidth() / 2;
        parts[step][i] = new Part(block, k, v, lse[i], partO, partLse);
      }
    }
  }

  /** The rank whose K and V are here in a step. */
  private int source(int step) {
    return Math.floorMod(context.rank() - step, context.size());
  }

  /** The queries of one sequence that see keys of one rank, those keys, and where results go. */
  private static final class Part {
    private final Placement.Block block;
    private final Heads k;
    private final Heads v;
    private final TokenSlice q;
    private final TokenSlice o;
    private final Matrix lse;
    private final Heads partO;
    private final Matrix partLse;

    Part(Placement.Block block, Heads k, Heads v, Matrix lse, float[] partO, float[] partLse) {
      this.block = block;
      this.k = k.slice(block.key(), block.keys());
      this.v = v.slice(block.key(), block.keys());
      q = new TokenSlice(block.query(), block.queries());
      o = new TokenSlice(block.query(), block.queries());
      int heads = lse.cols();
      int lseAt = lse.offset() + block.query() * heads;
      this.lse = new Matrix(lse.data(), lseAt, block.queries(), heads, heads);
      this.partO = Packing.view(partO, 0, block.queries(), heads, k.headDim());
      this.partLse = new Matrix(partLse, 0, block.queries(), heads, heads);
    }
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    held.check(q, k, v, o);
    long startNs = meter.now();
    int at = 0;
    for (int i = 0; i < q.length; i++) {
      at = Packing.pack(k[i], messages[0], at);
      at = Packing.pack(v[i], messages[0], at);
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
    for (int step = 0; step < lengths.length; step++) {
      if (step + 1 < lengths.length) {
        pass(step);
      }
      startNs = meter.now();
      for (int i = 0; i < q.length; i++) {
        attend(step, parts[step][i], q[i], o[i]);
      }
      meter.computed(LayerOperation.ATTENTION, startNs);
    }
  }

  /** Hands on what is here, and gets what is needed next beside it. */
  private void pass(int step) {
    int ranks = context.size();
    int next = (context.rank() + 1) % ranks;
    int previous = (context.rank() + ranks - 1) % ranks;
    float[] out = messages[step % 2];
    float[] in = messages[(step + 1) % 2];
    context.sendReceive(next, out, 0, lengths[step], previous, in, 0, lengths[step + 1]);
  }

  /** A rank's own keys come first, and each of its queries sees at least one of them. */
  private void attend(int step, Part part, Heads q, Heads o) {
    if (part.block.isEmpty()) {
      return;
    }
    Heads queries = part.q.of(q);
    Heads out = part.o.of(o);
    boolean causal = part.block.causal();
    if (step == 0) {
      kernel.attend(scale, causal, queries, part.k, part.v, out, part.lse);
    } else {
      kernel.attend(scale, causal, queries, part.k, part.v, part.partO, part.partLse);
      Attention.merge(out, part.lse, part.partO, part.partLse);
    }
  }

  /**
   * Bytes that a rank sends in one call: K and V of every rank but the next, in c - 1 messages. If
   * c divides the tokens, that is {@code 2 s k d (c - 1) / c} elements.
   */
  public static long sentBytes(AttentionShape shape, Placement placement, int rank, int ranks) {
    long next = placement.held(shape, (rank + 1) % ranks, ranks).allTokens();
    return Float.BYTES * shape.kvWidth() * (shape.allTokens() - next);
  }
}
