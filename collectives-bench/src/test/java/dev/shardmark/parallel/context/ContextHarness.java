package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Gives ranks their tokens of known sequences, runs their cores, and puts results in order. */
final class ContextHarness {
  private ContextHarness() {}

  /** Where the tokens of a rank stand in a sequence of so many. */
  interface Places {
    int[] of(int tokens, int rank);
  }

  /** Makes the core of a rank. */
  interface Maker {
    AttentionCore of(Communicator context, Meter meter);
  }

  /** The positions of the keys that a query sees, by partial result. */
  interface Parts {
    List<int[]> of(int tokens, int rank, int position);
  }

  /** The sequences' results, and what each rank has sent. */
  record Result(Heads[] o, long[] sentBytes) {}

  static Places places(Placement placement, int ranks) {
    return (tokens, rank) -> placement.positions(tokens, rank, ranks);
  }

  /** All keys at once. */
  static List<int[]> whole(int tokens, int rank, int position) {
    return List.of(IntStream.rangeClosed(0, position).toArray());
  }

  /** The keys of this rank, of the one before it, and so on round the ring. */
  static Parts ring(Placement placement, int ranks) {
    return (tokens, rank, position) -> {
      List<int[]> parts = new ArrayList<>();
      for (int step = 0; step < ranks; step++) {
        int source = Math.floorMod(rank - step, ranks);
        parts.add(upTo(position, placement.positions(tokens, source, ranks)));
      }
      return parts;
    };
  }

  static int[] upTo(int position, int[] positions) {
    return Arrays.stream(positions).filter(p -> p <= position).toArray();
  }

  static Result run(RankGroup group, Prompt prompt, Places places, Maker maker) {
    return run(group, prompt, places, null, maker);
  }

  /**
   * Runs the cores twice, and keeps what the second call gave and sent.
   *
   * @param rotation positions to rotate by, or null if that is done already
   */
  static Result run(RankGroup group, Prompt prompt, Places places, Places rotation, Maker maker) {
    Result result = new Result(prompt.results(), new long[group.size()]);
    group.run(
        rank -> {
          Meter meter = new Meter(false);
          AttentionCore core = maker.of(new Metered(rank, Axis.CONTEXT, meter), meter);
          Local local = new Local(prompt, places, rotation, rank.rank());
          core.attend(local.q, local.k, local.v, local.o);
          local.forget();
          meter.clear();
          core.attend(local.q, local.k, local.v, local.o);
          result.sentBytes[rank.rank()] = meter.sentBytes(Axis.CONTEXT);
          local.leave(result.o);
        });
    return result;
  }

  /** What is wrong with results, or null. */
  static String fault(Prompt prompt, Heads[] o, int ranks, Places places, Parts parts) {
    for (int i = 0; i < o.length; i++) {
      int tokens = prompt.shape().tokens().get(i);
      for (int rank = 0; rank < ranks; rank++) {
        for (int position : places.of(tokens, rank)) {
          List<int[]> seen = parts.of(tokens, rank, position);
          double worst = prompt.worst(i, position, seen, o[i]);
          if (!(worst <= 1)) {
            return "error over bound is %s: rank=%d of %d sequence=%d position=%d %s"
                .formatted(worst, rank, ranks, i, position, prompt.shape());
          }
        }
      }
    }
    return null;
  }

  /** Heads of tokens as a projection leaves them: q, k and v side by side in a row. */
  private static final class Local {
    private final int[][] positions;
    private final Heads[] q;
    private final Heads[] k;
    private final Heads[] v;
    private final Heads[] o;

    Local(Prompt prompt, Places places, Places rotation, int rank) {
      AttentionShape shape = prompt.shape();
      int sequences = shape.sequences();
      positions = new int[sequences][];
      q = new Heads[sequences];
      k = new Heads[sequences];
      v = new Heads[sequences];
      o = new Heads[sequences];
      int dim = shape.headDim();
      int keysAt = shape.heads() * dim;
      int valuesAt = keysAt + shape.kvHeads() * dim;
      int width = valuesAt + shape.kvHeads() * dim;
      for (int i = 0; i < sequences; i++) {
        positions[i] = places.of(shape.tokens().get(i), rank);
        int tokens = positions[i].length;
        float[] rows = new float[(tokens + 1) * width];
        q[i] = new Heads(rows, 0, tokens, shape.heads(), dim, width, dim);
        k[i] = new Heads(rows, keysAt, tokens, shape.kvHeads(), dim, width, dim);
        v[i] = new Heads(rows, valuesAt, tokens, shape.kvHeads(), dim, width, dim);
        o[i] = Heads.zeros(tokens, shape.heads(), dim);
        for (int t = 0; t < tokens; t++) {
          Prompt.copy(prompt.q()[i], positions[i][t], q[i], t);
          Prompt.copy(prompt.k()[i], positions[i][t], k[i], t);
          Prompt.copy(prompt.v()[i], positions[i][t], v[i], t);
        }
        if (rotation != null) {
          int[] by = rotation.of(shape.tokens().get(i), rank);
          Prompt.rotate(q[i], by);
          Prompt.rotate(k[i], by);
        }
      }
      forget();
    }

    /** Nothing of a call before may pass for a result. */
    void forget() {
      for (Heads x : o) {
        Arrays.fill(x.data(), Float.NaN);
      }
    }

    /** Puts results where their tokens stand. */
    void leave(Heads[] all) {
      for (int i = 0; i < o.length; i++) {
        for (int t = 0; t < positions[i].length; t++) {
          Prompt.copy(o[i], t, all[i], positions[i][t]);
        }
      }
    }
  }
}
