package dev.shardmark.parallel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankFailedException;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;
import dev.shardmark.kernels.kvcache.KvStorage;
import dev.shardmark.kernels.layer.LayerShape;
import dev.shardmark.kernels.layer.LayerWeights;
import dev.shardmark.kernels.layer.TransformerLayer;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stages on many ranks against the same layers one after the other, bit for bit. */
@Timeout(60)
class PipelineTest {
  private static final int HIDDEN = 6;
  private static final int LAYERS = 17;
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private enum Fault {
    NONE,
    /** The weights of two chunks of a rank exchanged. */
    MU17_CHUNKS_SWAPPED,
    RANKS_SWAPPED,
    /** A rank computes with the activations of another micro-batch. */
    MU19_STALE_ACTIVATIONS,
    CACHE_OF_ANOTHER_REQUEST
  }

  @ParameterizedTest
  @CsvSource({
    "1,true", "2,true", "3,true", "4,true", "8,true", "1,false", "2,false", "3,false", "4,false",
    "8,false"
  })
  void stagesGiveWhatTheLayersGiveAndSendTheBytesOfTheFormula(int p, boolean copies) {
    try (RankGroup group = open(p, copies)) {
      for (Schedule s :
          new Schedule[] {
            Schedule.contiguous(p, 1, 1),
            Schedule.contiguous(p, 7, 7),
            Schedule.contiguous(p, 9, 2),
            Schedule.contiguous(p, 11, 5),
            Schedule.interleaved(p, 2 * p, 2)
          }) {
        assertThat(matches(group, s, Fault.NONE)).as("%s", s).isTrue();
        assertThat(decodes(group, s, Fault.NONE)).as("%s", s).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Tag("kill-list")
  void wrongPipelinesAreRejected(Fault fault) {
    try (RankGroup group = open(2, true)) {
      Schedule s = Schedule.interleaved(2, 4, 2);
      boolean cache = fault == Fault.CACHE_OF_ANOTHER_REQUEST;
      assertThat(cache ? decodes(group, s, fault) : matches(group, s, fault)).isFalse();
    }
  }

  @Test
  void aFailingStageEndsAllRanks() {
    try (RankGroup group = open(4, false)) {
      long startNs = System.nanoTime();
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        Stage stage =
                            (microBatch, x) -> {
                              if (rank.rank() == 2 && microBatch == 3) {
                                throw new IllegalStateException("no more");
                              }
                            };
                        pipeline(
                                rank,
                                Schedule.contiguous(4, 9, 9),
                                new Stage[] {stage},
                                new int[] {2})
                            .run(ends(new float[9][], new int[] {2}));
                      }))
          .isInstanceOf(RankFailedException.class)
          .hasMessageContaining("rank 2")
          .hasMessageContaining("no more");
      assertThat(System.nanoTime() - startNs).isLessThan(DEADLINE.toNanos() / 4);
      assertThat(matches(group, Schedule.contiguous(4, 5, 5), Fault.NONE)).isTrue(); // usable again
    }
  }

  @Test
  void nothingIsAllocatedOnceWarm() {
    Schedule s = Schedule.contiguous(2, 64, 4);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Ends idle =
        new Ends() {
          @Override
          public void enter(int microBatch, Matrix answer, Matrix x) {}

          @Override
          public void leave(int microBatch, Matrix x, Matrix answer) {}
        };
    try (RankGroup group = open(2, true)) {
      group.run(
          rank -> {
            Stage[] stages = {(microBatch, x) -> layer(1, x)};
            Communicator metered = new Metered(rank, Axis.PIPELINE, new Meter(false));
            Pipeline pipeline = new Pipeline(metered, s, stages, new int[] {2}, HIDDEN, 1);
            pipeline.run(idle);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int run = 0; run < 20; run++) {
              pipeline.run(idle);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(bytes).as("bytes of 1280 micro-batches").isLessThan(1280);
          });
    }
  }

  @Test
  void wrongPlansAreRefusedBeforeAnythingRuns() {
    try (RankGroup group = open(1, true)) {
      group.run(
          rank -> {
            Stage[] one = {(microBatch, x) -> {}};
            assertThatThrownBy(
                    () -> pipeline(rank, Schedule.contiguous(2, 3, 3), one, new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("ranks=2", "group=1");
            assertThatThrownBy(() -> pipeline(rank, Schedule.contiguous(1, 3, 3), one, new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("rows must be given", "inFlight=3");
            Schedule early = new Schedule(1, 2, 1, 1, Schedule.contiguous(1, 1, 1).slots());
            assertThatThrownBy(() -> pipeline(rank, early, one, new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("legal");
          });
    }
  }

  @Test
  void stagesOfKernelsGiveWhatTheLayersGive() {
    int m = 5;
    float[][] alone = new float[m][];
    float[][] piped = new float[m][];
    int[] rows = {8};
    int hidden = 16;
    try (RankGroup group = open(1, true)) {
      group.run(rank -> kernels(rank, Schedule.contiguous(1, m, m), hidden).run(ends(alone, rows)));
    }
    try (RankGroup group = open(2, true)) {
      group.run(rank -> kernels(rank, Schedule.contiguous(2, m, m), hidden).run(ends(piped, rows)));
      assertThat(piped).isDeepEqualTo(alone);
      Arrays.fill(piped, null);
      group.run(rank -> kernels(rank, Schedule.contiguous(2, m, 2), hidden).run(ends(piped, rows)));
      assertThat(piped).isDeepEqualTo(alone);
    }
  }

  /** Four layers of kernels, dealt to the ranks. */
  private static Pipeline kernels(Communicator rank, Schedule s, int hidden) {
    LayerShape shape = new LayerShape(1, 8, 0, hidden, 2, 1, 8, false, 24, 0, 0);
    LayerSplit split = new LayerSplit(4, rank.size(), 1);
    TransformerLayer[] layers = new TransformerLayer[split.count(rank.rank(), 0)];
    for (int i = 0; i < layers.length; i++) {
      Random random = new Random(split.first(rank.rank(), 0) + i);
      LayerWeights weights =
          LayerWeights.of(
              shape,
              (k, n) -> {
                Matrix w = Matrix.zeros(k, n);
                for (int at = 0; at < k * n; at++) {
                  w.data()[w.offset() + at] = (float) (random.nextGaussian() / Math.sqrt(k));
                }
                return w;
              });
      KvSequence cache = new KvSequence(new KvPool(KvStorage.FP32, 1, KvPool.BLOCK_TOKENS, 1, 8));
      layers[i] = new TransformerLayer(shape, weights, Variant.VECTOR, new KvSequence[] {cache});
    }
    Stage stage =
        (microBatch, x) -> {
          for (TransformerLayer layer : layers) {
            copy(x, layer.input());
            layer.run();
            copy(layer.output(), x);
          }
        };
    return new Pipeline(rank, s, new Stage[] {stage}, new int[] {8}, hidden, 0);
  }

  private static void copy(Matrix from, Matrix to) {
    System.arraycopy(from.data(), from.offset(), to.data(), to.offset(), to.rows() * to.cols());
  }

  /** Whether micro-batches of several lengths come out as from one rank, and bytes are right. */
  private static boolean matches(RankGroup group, Schedule s, Fault fault) {
    int m = s.microBatches();
    int[] rows = new int[m];
    Arrays.setAll(rows, i -> fault == Fault.NONE ? i * 5 % 4 : 3); // 0 to 3
    float[][] want = new float[m][];
    for (int i = 0; i < m; i++) {
      Matrix x = Matrix.zeros(rows[i], HIDDEN);
      ends(want, rows).enter(i, null, x);
      for (int layer = 0; layer < LAYERS; layer++) {
        layer(layer, x);
      }
      ends(want, rows).leave(i, x, null);
    }
    float[][] got = new float[m][];
    group.run(
        rank -> {
          Meter meter = new Meter(false);
          Communicator metered = new Metered(rank, Axis.PIPELINE, meter);
          Communicator on = fault == Fault.MU19_STALE_ACTIVATIONS ? stale(metered) : metered;
          Stage[] stages = stages(rank, s, fault);
          Pipeline pipeline = new Pipeline(on, s, stages, rows, HIDDEN, 0);
          for (int run = 1; run <= 2; run++) { // ready for the next
            pipeline.run(ends(got, rows));
            assertThat(meter.sentBytes(Axis.PIPELINE, Operation.SEND))
                .isEqualTo(run * Pipeline.sentBytes(s, rank.rank(), rows, HIDDEN, 0));
          }
        });
    return Arrays.deepEquals(got, want);
  }

  private static Stage[] stages(Communicator rank, Schedule s, Fault fault) {
    LayerSplit split = new LayerSplit(LAYERS, rank.size(), s.chunks());
    int who = fault == Fault.RANKS_SWAPPED ? rank.size() - 1 - rank.rank() : rank.rank();
    Stage[] stages = new Stage[s.chunks()];
    for (int c = 0; c < stages.length; c++) {
      int first = split.first(who, c);
      int count = split.count(who, c);
      stages[fault == Fault.MU17_CHUNKS_SWAPPED ? stages.length - 1 - c : c] =
          (microBatch, x) -> {
            for (int layer = first; layer < first + count; layer++) {
              layer(layer, x);
            }
          };
    }
    return stages;
  }

  /** Not linear, and another for each layer and position, so that order and place matter. */
  private static void layer(int layer, Matrix x) {
    for (int i = 0; i < x.rows() * x.cols(); i++) {
      float was = x.data()[x.offset() + i];
      x.data()[x.offset() + i] = was * 0.75f + (layer + 1) / (1 + was * was) + i * 0.125f;
    }
  }

  private static Ends ends(float[][] out, int[] rows) {
    return new Ends() {
      @Override
      public void enter(int microBatch, Matrix answer, Matrix x) {
        for (int i = 0; i < x.rows() * x.cols(); i++) {
          x.data()[x.offset() + i] = microBatch + i * 0.25f;
        }
      }

      @Override
      public void leave(int microBatch, Matrix x, Matrix answer) {
        assertThat(x.rows()).isEqualTo(rows[microBatch % rows.length]);
        out[microBatch] =
            Arrays.copyOfRange(x.data(), x.offset(), x.offset() + x.rows() * x.cols());
      }
    };
  }

  /**
   * Whether requests in flight, each with sums of its own at each layer as a cache, say the same
   * tokens as alone: the next token is that of the one before.
   */
  private static boolean decodes(RankGroup group, Schedule s, Fault fault) {
    int m = s.microBatches();
    int[] rows = {1};
    float[] got = new float[m];
    group.run(
        rank -> {
          LayerSplit split = new LayerSplit(LAYERS, rank.size(), s.chunks());
          Stage[] stages = new Stage[s.chunks()];
          for (int c = 0; c < stages.length; c++) {
            stages[c] = cached(s, split.first(rank.rank(), c), split.count(rank.rank(), c), fault);
          }
          Meter meter = new Meter(false);
          new Pipeline(new Metered(rank, Axis.PIPELINE, meter), s, stages, rows, HIDDEN, 1)
              .run(tokens(s, got));
          assertThat(meter.sentBytes(Axis.PIPELINE))
              .isEqualTo(Pipeline.sentBytes(s, rank.rank(), rows, HIDDEN, 1));
        });
    float[] want = new float[m];
    Stage all = cached(s, 0, LAYERS, Fault.NONE);
    Matrix x = Matrix.zeros(1, HIDDEN);
    Matrix[] answers = new Matrix[s.inFlight()];
    Arrays.setAll(answers, i -> Matrix.zeros(1, 1));
    for (int i = 0; i < m; i++) {
      tokens(s, want).enter(i, answers[s.request(i)], x);
      all.apply(i, x);
      tokens(s, want).leave(i, x, answers[s.request(i)]);
    }
    return Arrays.equals(got, want);
  }

  private static Stage cached(Schedule s, int first, int count, Fault fault) {
    float[][] caches = new float[s.inFlight()][count];
    boolean wrong = fault == Fault.CACHE_OF_ANOTHER_REQUEST;
    return (microBatch, x) -> {
      float[] cache = caches[wrong ? 0 : s.request(microBatch)];
      for (int i = 0; i < count; i++) {
        layer(first + i, x);
        cache[i] += x.data()[x.offset()];
        x.data()[x.offset()] += cache[i] * 0.5f;
      }
    };
  }

  private static Ends tokens(Schedule s, float[] said) {
    return new Ends() {
      @Override
      public void enter(int microBatch, Matrix answer, Matrix x) {
        float token = microBatch < s.inFlight() ? microBatch + 1 : answer.data()[answer.offset()];
        Arrays.fill(x.data(), x.offset(), x.offset() + HIDDEN, token);
      }

      @Override
      public void leave(int microBatch, Matrix x, Matrix answer) {
        said[microBatch] = Math.round(x.data()[x.offset()] * 64) & 1023;
        answer.data()[answer.offset()] = said[microBatch];
      }
    };
  }

  private static Pipeline pipeline(Communicator rank, Schedule s, Stage[] stages, int[] rows) {
    return new Pipeline(rank, s, stages, rows, HIDDEN, 0);
  }

  private static RankGroup open(int p, boolean copies) {
    return RankGroup.open(p, DEADLINE, copies ? Transport.COPYING : Transport.SHARED);
  }

  /** Takes every third message, and leaves what the buffer held. */
  private static Communicator stale(Communicator on) {
    int[] calls = {0};
    UnaryOperator<Object[]> aside =
        args -> {
          int at = args.length - 3; // buffer, offset, length
          if (args[at] instanceof float[] buffer && calls[0]++ % 3 == 2) {
            args[at] = buffer.clone();
          }
          return args;
        };
    return (Communicator)
        Proxy.newProxyInstance(
            PipelineTest.class.getClassLoader(),
            new Class<?>[] {Communicator.class},
            (proxy, method, args) -> {
              boolean receives =
                  method.getName().equals("receive") || method.getName().equals("sendReceive");
              try {
                return method.invoke(on, receives ? aside.apply(args) : args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
