package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.kernels.attention.Attention;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Which tokens of a sequence a context rank holds, and so which of its queries see which keys of
 * another.
 *
 * <p>s tokens, c ranks, r one of them. Every rank holds its tokens in the order of the sequence, so
 * its own queries over its own keys are plainly causal. What they see of the keys of another rank
 * is one {@link Block} in all placements, or nothing: a ring calls its kernel once a step.
 *
 * <p>Causal queries see few keys where a sequence begins and many where it ends: {@link #pairs}
 * says how unevenly that divides the work, {@link #efficiency} what it costs.
 */
public enum Placement {
  /**
   * A run of s / c tokens for each rank, remainders as in {@link Chunks}. Late ranks see most: for
   * a long sequence the efficiency is c / (2c - 1).
   *
   * <p>H. Liu et al., Ring Attention with Blockwise Transformers, arXiv 2310.01889.
   */
  CONTIGUOUS {
    @Override
    public List<Run> runs(int tokens, int rank, int ranks) {
      check(tokens, rank, ranks);
      int first = Chunks.start(tokens, rank, ranks);
      return List.of(new Run(first, Chunks.length(tokens, rank, ranks)));
    }

    @Override
    Block others(int tokens, int rank, int from, int ranks) {
      int held = held(tokens, rank, ranks);
      return from < rank ? new Block(0, held, 0, held(tokens, from, ranks), false) : Block.NONE;
    }

    @Override
    public long pairs(int tokens, int rank, int ranks) {
      check(tokens, rank, ranks);
      long first = Chunks.start(tokens, rank, ranks);
      long end = Chunks.start(tokens, rank + 1, ranks);
      return (end * (end + 1) - first * (first + 1)) / 2;
    }
  },

  /**
   * Two of 2c equal chunks for each rank: number r from the front and number r from the back.
   * Whatever the first sees less than others, the second sees more, in every step of a ring.
   *
   * <p>Llama team, The Llama 3 Herd of Models, arXiv 2407.21783, section 3.3.2.
   */
  ZIGZAG {
    @Override
    public List<Run> runs(int tokens, int rank, int ranks) {
      check(tokens, rank, ranks);
      int chunk = tokens / (2 * ranks);
      return List.of(new Run(rank * chunk, chunk), new Run((2 * ranks - 1 - rank) * chunk, chunk));
    }

    @Override
    Block others(int tokens, int rank, int from, int ranks) {
      int chunk = tokens / (2 * ranks);
      return from < rank
          ? new Block(0, 2 * chunk, 0, chunk, false)
          : new Block(chunk, chunk, 0, 2 * chunk, false);
    }

    @Override
    public long pairs(int tokens, int rank, int ranks) {
      check(tokens, rank, ranks);
      return tokens / (2 * ranks) * (tokens + 1L);
    }

    @Override
    void check(int tokens, int rank, int ranks) {
      super.check(tokens, rank, ranks);
      if (tokens % (2L * ranks) != 0) {
        throw new IllegalArgumentException(
            "zigzag needs two equal chunks of a sequence for each rank, not odd chunks: tokens="
                + tokens
                + " ranks="
                + ranks);
      }
    }
  },

  /**
   * Every c-th token, from token r on. A query sees the key with its own index on an earlier rank,
   * but only those before it on a later one: the mask is shifted by one.
   *
   * <p>W. Brandon et al., Striped Attention, arXiv 2311.09431.
   */
  STRIPED {
    @Override
    public List<Run> runs(int tokens, int rank, int ranks) {
      return IntStream.range(0, held(tokens, rank, ranks))
          .mapToObj(i -> new Run(rank + i * ranks, 1))
          .toList();
    }

    @Override
    public int held(int tokens, int rank, int ranks) {
      check(tokens, rank, ranks);
      return (int) ((tokens + (ranks - 1L) - rank) / ranks);
    }

    /** An earlier rank has as many tokens or one more, a later one as many or one less. */
    @Override
    Block others(int tokens, int rank, int from, int ranks) {
      int held = held(tokens, rank, ranks);
      int behind = Math.max(0, held - 1);
      return from < rank
          ? new Block(0, held, 0, held, true)
          : new Block(held - behind, behind, 0, behind, true);
    }

    @Override
    public long pairs(int tokens, int rank, int ranks) {
      long held = held(tokens, rank, ranks);
      return held * (rank + 1) + ranks * (held * (held - 1) / 2);
    }
  };

  /** Tokens in a row: the position of the first, and how many. */
  public record Run(int first, int tokens) {}

  /**
   * Queries in a row of one rank and keys in a row of another, which they see all or, if causal,
   * with the mask of {@link Attention}.
   */
  public record Block(int query, int queries, int key, int keys, boolean causal) {
    static final Block NONE = new Block(0, 0, 0, 0, false);

    /** Whether no query sees a key. */
    public boolean isEmpty() {
      return queries == 0 || keys == 0;
    }

    /** Pairs of a query and a key it sees, of one head. */
    public long pairs() {
      return Attention.visiblePairs(queries, keys, causal);
    }
  }

  /**
   * The tokens of a rank, in the order it holds them.
   *
   * @throws IllegalArgumentException if the placement cannot divide so many tokens
   */
  public abstract List<Run> runs(int tokens, int rank, int ranks);

  /** Pairs of a query of a rank and a key it sees, of one head, over all steps. */
  public abstract long pairs(int tokens, int rank, int ranks);

  abstract Block others(int tokens, int rank, int from, int ranks);

  /** What the queries of a rank see of the keys of rank {@code from}. */
  public Block block(int tokens, int rank, int from, int ranks) {
    int held = held(tokens, rank, ranks);
    Objects.checkIndex(from, ranks);
    return from == rank ? new Block(0, held, 0, held, true) : others(tokens, rank, from, ranks);
  }

  /** How many tokens a rank holds. */
  public int held(int tokens, int rank, int ranks) {
    return runs(tokens, rank, ranks).stream().mapToInt(Run::tokens).sum();
  }

  /** What a rank holds of some sequences. */
  AttentionShape held(AttentionShape shape, int rank, int ranks) {
    return shape.withTokens(shape.tokens().stream().map(s -> held(s, rank, ranks)).toList());
  }

  /** Where the tokens of a rank stand in the sequence: what rotates its queries and keys. */
  public int[] positions(int tokens, int rank, int ranks) {
    return runs(tokens, rank, ranks).stream()
        .flatMapToInt(run -> IntStream.range(run.first(), run.first() + run.tokens()))
        .toArray();
  }

  /** The work of all ranks over what they could do while the one with most works; at most 1. */
  public double efficiency(int tokens, int ranks) {
    long[] pairs = IntStream.range(0, ranks).mapToLong(r -> pairs(tokens, r, ranks)).toArray();
    long most = 0;
    long all = 0;
    for (long some : pairs) {
      most = Math.max(most, some);
      all += some;
    }
    return most == 0 ? 1 : (double) all / most / ranks;
  }

  void check(int tokens, int rank, int ranks) {
    Objects.checkIndex(rank, ranks);
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens must not be negative: tokens=" + tokens);
    }
  }

  /** The name in parameters and results, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
