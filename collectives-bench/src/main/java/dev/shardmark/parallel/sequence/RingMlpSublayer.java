package dev.shardmark.parallel.sequence;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.activation.SwiGlu;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.ColumnView;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Projection;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenBuffer;

/**
 * A gated MLP split by width over tokens split by sequence, whose products and exchanges are cut
 * into t steps each (collective matmul, asynchronous tensor parallelism).
 *
 * <p>Before the gates, tokens go round a ring, and each rank multiplies those it has while others
 * come. Behind, sums go round: each rank adds its product for the tokens of one rank and hands the
 * sum on, until it arrives where it belongs.
 *
 * <p>Calls of a {@link Communicator} return when data has been moved, so that here nothing overlaps
 * unless a rank has more than its own core: this is the order of steps and the price of products of
 * T / t rows, not a claim of time saved.
 *
 * <p><b>Cost</b> 2 (t - 1) steps; {@link #sentBytes}, as a ring's all-gather and reduce-scatter.
 * Beside the tokens it keeps, a rank has room for four times as many.
 *
 * <p><b>Order</b> sums start with the rank behind the one they are for, as in a ring's
 * reduce-scatter.
 *
 * <p><b>Source</b> S. Wang et al., Overlap Communication with Dependent Computation via
 * Decomposition in Large Deep Learning Models, ASPLOS 2023.
 */
public final class RingMlpSublayer implements Sublayer {
  private final Communicator tensor;
  private final Meter meter;
  private final Projection gateUp;
  private final Projection down;
  private final SwiGlu swiGlu;
  private final ResidualAdd sum;
  private final TokenBuffer[] arriving;
  private final TokenBuffer[] sums;
  private final TokenBuffer both;
  private final ColumnView gate;
  private final ColumnView up;

  /** What gates and ups make of the tokens of each rank. */
  private final TokenBuffer[] active;

  /**
   * An MLP.
   *
   * @param gateUp (h, 2 w), this rank's gates beside its ups
   * @param down (w, h)
   */
  public RingMlpSublayer(
      Matrix gateUp, Matrix down, Communicator tensor, Variant variant, Meter meter) {
    this.tensor = tensor;
    this.meter = meter;
    this.gateUp = new Projection(LayerOperation.GATE_UP, gateUp, variant, meter);
    this.down = new Projection(LayerOperation.DOWN, down, variant, meter);
    swiGlu = Kernels.swiGlu(variant);
    sum = Kernels.residualAdd(variant);
    int width = down.rows();
    arriving = buffers(2, down.cols());
    sums = buffers(2, down.cols());
    both = new TokenBuffer(2 * width);
    gate = new ColumnView(0, width);
    up = new ColumnView(width, width);
    active = buffers(tensor.size(), width);
  }

  private static TokenBuffer[] buffers(int count, int cols) {
    TokenBuffer[] buffers = new TokenBuffer[count];
    for (int i = 0; i < count; i++) {
      buffers[i] = new TokenBuffer(cols);
    }
    return buffers;
  }

  @Override
  public void apply(Matrix normed, Matrix added) {
    gather(normed);
    scatter(added);
  }

  /** Rank r has its own tokens first, and those of rank r - s in step s. */
  private void gather(Matrix normed) {
    int t = tensor.size();
    Matrix tokens = normed;
    for (int step = 0; step < t; step++) {
      int of = Math.floorMod(tensor.rank() - step, t);
      activate(tokens, of);
      if (step < t - 1) {
        Matrix next = arriving[step % 2].rows(tokens.rows());
        passOn(tokens, next);
        tokens = next;
      }
    }
  }

  private void activate(Matrix tokens, int of) {
    Matrix fused = both.rows(tokens.rows());
    gateUp.apply(tokens, fused);
    long startNs = meter.now();
    swiGlu.apply(gate.of(fused), up.of(fused), active[of].rows(tokens.rows()));
    meter.computed(LayerOperation.SWIGLU, startNs);
  }

  /** Rank r starts with the sum for rank r - 1, and ends with its own. */
  private void scatter(Matrix added) {
    int t = tensor.size();
    Matrix arrived = null;
    for (int step = 0; step < t; step++) {
      int of = Math.floorMod(tensor.rank() - 1 - step, t);
      Matrix mine = step == t - 1 ? added : sums[0].rows(added.rows());
      down.apply(active[of].rows(added.rows()), mine);
      if (arrived != null) {
        long startNs = meter.now();
        sum.add(arrived, mine);
        meter.computed(LayerOperation.DOWN, startNs);
      }
      if (step < t - 1) {
        arrived = sums[1].rows(added.rows());
        passOn(mine, arrived);
      }
    }
  }

  private void passOn(Matrix from, Matrix to) {
    int t = tensor.size();
    int length = from.rows() * from.cols();
    tensor.sendReceive(
        (tensor.rank() + 1) % t,
        from.data(),
        from.offset(),
        length,
        (tensor.rank() + t - 1) % t,
        to.data(),
        to.offset(),
        length);
  }

  /** Bytes that every rank sends for tokens of which it keeps so many. */
  public static long sentBytes(int ranks, int kept, int hidden) {
    return 2L * (ranks - 1) * kept * hidden * Float.BYTES;
  }
}
