package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.context.ContextHarness.Maker;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decodes the ends of known sequences, some tokens a step, over caches that hold their beginnings.
 *
 * @param prompt whole sequences
 * @param context tokens of each that are cached before the first step
 * @param newTokens of each sequence in a step
 */
record DecodeHarness(Prompt prompt, int[] context, int newTokens) {
  private static final int STEPS = 3;

  /** Which sequences and heads a rank has. */
  record Share(int sequence, int sequences, int head, int heads, int kvHead, int kvHeads) {}

  /** Which share each rank has. */
  interface Shares {
    Share of(int rank);
  }

  /** Each rank's results, in whole sequences, and what it sent in the last step. */
  record Result(Heads[][] o, long[] sentBytes) {}

  /** Sequences with longer and shorter beginnings than ranks. */
  static DecodeHarness of(int ranks, int heads, int kvHeads, int headDim, int newTokens) {
    int[] context = {2 * ranks + 1, ranks - 1, 0, 5, 40};
    List<Integer> tokens =
        Arrays.stream(context).map(cached -> cached + STEPS * newTokens).boxed().toList();
    AttentionShape shape = new AttentionShape(tokens, heads, kvHeads, headDim);
    return new DecodeHarness(Prompt.random(shape, ranks), context, newTokens);
  }

  /** The new tokens of a step. */
  AttentionShape step() {
    List<Integer> tokens = prompt.shape().tokens().stream().map(all -> newTokens).toList();
    return prompt.shape().withTokens(tokens);
  }

  /** All there is. */
  Share everything(int rank) {
    AttentionShape shape = prompt.shape();
    return new Share(0, shape.sequences(), 0, shape.heads(), 0, shape.kvHeads());
  }

  Result run(RankGroup group, Shares shares, Maker maker) {
    Result result = new Result(new Heads[group.size()][], new long[group.size()]);
    Arrays.setAll(result.o, rank -> prompt.results());
    group.run(
        rank -> {
          Meter meter = new Meter(false);
          Share share = shares.of(rank.rank());
          Communicator metered = new Metered(rank, Axis.CONTEXT, meter);
          AttentionCore core = maker.of(metered, meter);
          for (int step = 0; step < STEPS; step++) {
            meter.clear();
            core.attend(
                heads(prompt.q(), step, share, share.head, share.heads),
                heads(prompt.k(), step, share, share.kvHead, share.kvHeads),
                heads(prompt.v(), step, share, share.kvHead, share.kvHeads),
                heads(result.o[rank.rank()], step, share, share.head, share.heads));
            result.sentBytes[rank.rank()] = meter.sentBytes(Axis.CONTEXT);
          }
        });
    return result;
  }

  private Heads[] heads(Heads[] all, int step, Share share, int head, int heads) {
    return IntStream.range(share.sequence, share.sequence + share.sequences)
        .mapToObj(i -> part(all[i], context[i] + step * newTokens, newTokens, head, heads))
        .toArray(Heads[]::new);
  }

  private static Heads part(Heads x, int token, int tokens, int head, int heads) {
    int at = tokens == 0 ? 0 : x.index(token, head);
    return new Heads(x.data(), at, tokens, heads, x.headDim(), x.tokenStride(), x.headStride());
  }

  /** A striped cache with the beginnings of all sequences. */
  StripedCache striped(Communicator group) {
    AttentionShape shape = prompt.shape();
    KvPool pool = pool(shape.sequences(), shape.kvHeads());
    StripedCache cache =
        new StripedCache(pool, shape.sequences(), group.rank(), group.size(), append());
    for (int i = 0; i < shape.sequences(); i++) {
      cache.append(i, prompt.k()[i].slice(0, context[i]), prompt.v()[i].slice(0, context[i]));
    }
    return cache;
  }

  /** A core that has the beginnings of a share all by itself. */
  AttentionCore whole(Share share, CachedAttention kernel) {
    KvPool pool = pool(share.sequences, share.kvHeads);
    KvSequence[] caches = new KvSequence[share.sequences];
    for (int i = 0; i < caches.length; i++) {
      int from = share.sequence + i;
      caches[i] = new KvSequence(pool);
      Heads k = part(prompt.k()[from], 0, context[from], share.kvHead, share.kvHeads);
      Heads v = part(prompt.v()[from], 0, context[from], share.kvHead, share.kvHeads);
      append().append(caches[i], rows(k), rows(v));
    }
    return new WholeCaches(caches, append(), kernel);
  }

  private KvPool pool(int sequences, int kvHeads) {
    return new KvPool(
        KvStorage.FP32, sequences, KvPool.BLOCK_TOKENS, kvHeads, prompt.shape().headDim());
  }

  private static KvAppend append() {
    return Kernels.kvAppend(Variant.SCALAR);
  }

  private static Matrix rows(Heads x) {
    int width = x.heads() * x.headDim();
    return new Matrix(x.data(), x.offset(), x.tokens(), width, Math.max(width, x.tokenStride()));
  }

  /** What is wrong with the new tokens of some sequences, or null. */
  String fault(Heads[] o, int ranks, int from, int sequences) {
    for (int i = from; i < from + sequences; i++) {
      for (int position = context[i]; position < o[i].tokens(); position++) {
        int at = position;
        List<int[]> parts =
            IntStream.range(0, ranks)
                .mapToObj(rank -> Placement.STRIPED.positions(at + 1, rank, ranks))
                .toList();
        double worst = prompt.worst(i, position, parts, o[i]);
        if (!(worst <= 1)) {
          return "error over bound is %s: ranks=%d sequence=%d position=%d"
              .formatted(worst, ranks, i, position);
        }
      }
    }
    return null;
  }

  /** Attention over caches of whole sequences. */
  record WholeCaches(KvSequence[] caches, KvAppend append, CachedAttention kernel)
      implements AttentionCore {
    @Override
    public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
      for (int i = 0; i < q.length; i++) {
        append.append(caches[i], rows(k[i]), rows(v[i]));
        float scale = (float) (1 / Math.sqrt(q[i].headDim()));
        Matrix lse = Matrix.zeros(q[i].tokens(), q[i].heads());
        kernel.attend(scale, true, q[i], caches[i], o[i], lse);
      }
    }
  }
}
