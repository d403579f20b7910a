package dev.shardmark.parallel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.CollectiveException;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.serving.Batch;
import dev.shardmark.parallel.serving.ContiguousMemory;
import dev.shardmark.parallel.serving.ContinuousBatching;
import dev.shardmark.parallel.serving.DecodeStep;
import dev.shardmark.parallel.serving.KvStep;
import dev.shardmark.parallel.serving.PagedMemory;
import dev.shardmark.parallel.serving.Request;
import dev.shardmark.parallel.serving.Served;
import dev.shardmark.parallel.serving.ServingCheck;
import dev.shardmark.parallel.serving.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReplicaTest {
  private static final int SLOTS = 3;
  private static final int BLOCKS = 12;
  private static final int BLOCK = 32;
  private static final Trace TRACE = Trace.random(3, 11, 2, 20, 40);

  @Test
  void requestsAreDealtInTurnOrToTheLeastLoaded() {
    int[] tokens = {5, 1, 1, 9, 1, 1};
    assertThat(Dealing.ROUND_ROBIN.deal(tokens, 2)).containsExactly(0, 1, 0, 1, 0, 1);
    int[] least = Dealing.LEAST_LOADED.deal(tokens, 2);
    assertThat(least).containsExactly(0, 1, 1, 1, 0, 0);
    assertThat(Dealing.imbalance(tokens, least, 2)).isEqualTo(11 / 9.0);
    assertThat(Dealing.imbalance(tokens, new int[6], 2)).isEqualTo(2);
    assertThatThrownBy(() -> Dealing.ROUND_ROBIN.deal(tokens, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replicas=0");
  }

  @ParameterizedTest
  @CsvSource({"1,true", "2,true", "4,true", "1,false", "2,false", "4,false"})
  void replicasOfADenseModelSendNothingAndSayWhatOneSays(int replicas, boolean copies) {
    List<List<KvPool>> pools = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      pools.add(List.of(KvStep.pool(BLOCKS, BLOCK)));
    }
    assertThat(ReplicaCheck.fault(pools)).isNull();
    try (RankGroup group = open(replicas, copies)) {
      group.run(
          rank -> {
            Meter meter = new Meter(false);
            Communicator data = new Metered(rank, Axis.DATA, meter);
            Trace own = share(data);
            DecodeStep step = new KvStep(SLOTS, pools.get(data.rank()).getFirst(), false);
            Served served =
                new ContinuousBatching(
                        own,
                        SLOTS,
                        new PagedMemory(SLOTS, BLOCKS, BLOCK, PagedMemory.Admission.START),
                        step)
                    .serve();
            assertThat(ServingCheck.fault(own, served, alone(own))).isNull();
            assertThat(meter.sentBytes(Axis.DATA)).isZero();
          });
    }
  }

  private static int[][] alone(Trace trace) {
    int[][] said = new int[trace.requests().size()][];
    for (Request one : trace.requests()) {
      DecodeStep step = new KvStep(1, KvStep.pool(BLOCKS, BLOCK), false);
      said[one.id()] = continuous(renumbered(List.of(one)), 1, step).serve().said()[0];
    }
    return said;
  }

  /** MU38: replicas that share a pool. */
  @Test
  @Tag("kill-list")
  void replicasThatShareAPoolAreRejected() {
    KvPool shared = KvStep.pool(BLOCKS, BLOCK);
    assertThat(ReplicaCheck.fault(List.of(List.of(shared), List.of(shared))))
        .contains("one replica", "replicas=0,1");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void replicasThatShareExpertsGoOnTogetherUntilAllAreDone(int replicas) {
    int[][] alone = new int[1][];
    int[] passes = new int[replicas];
    int[] needed = new int[replicas];
    try (RankGroup group = open(1, true)) {
      group.run(rank -> alone[0] = sums(TRACE, continuous(TRACE, 1, new ExpertStep(rank)).serve()));
    }
    try (RankGroup group = open(replicas, true)) {
      group.run(
          rank -> {
            Meter meter = new Meter(false);
            Communicator data = new Metered(rank, Axis.DATA, meter);
            ExpertStep step = new ExpertStep(new Metered(rank, Axis.EXPERT, meter));
            Trace own = share(data);
            ContinuousBatching batching = continuous(own, SLOTS, step);
            passes[rank.rank()] = new LockStep(data).run(replica(batching, needed, rank.rank()));
            int[] sums = sums(own, batching.served());
            for (int i = 0; i < sums.length; i++) {
              assertThat(sums[i]).isEqualTo(alone[0][i * replicas + rank.rank()]);
            }
            assertThat(meter.calls(Axis.DATA, Operation.ALL_REDUCE))
                .isEqualTo(LockStep.allReduces(passes[rank.rank()]));
            assertThat(meter.sentBytes(Axis.EXPERT, Operation.ALL_TO_ALL_V))
                .isEqualTo(Float.BYTES * step.remote);
            assertThat(step.remote > 0).isEqualTo(replicas > 1);
          });
    }
    assertThat(passes).containsOnly(Arrays.stream(needed).max().orElseThrow());
  }

  /** MU25: replicas that end on their own leave the others in an exchange nobody else calls. */
  @Test
  @Tag("kill-list")
  void aReplicaThatStopsWithoutTheOthersIsRejected() {
    try (RankGroup group = RankGroup.open(2, Duration.ofMillis(500), Transport.COPYING)) {
      assertThatThrownBy(
              () -> group.run(rank -> continuous(share(rank), SLOTS, new ExpertStep(rank)).serve()))
          .isInstanceOf(CollectiveException.class);
    }
  }

  private static LockStep.Replica replica(ContinuousBatching batching, int[] needed, int rank) {
    return new LockStep.Replica() {
      @Override
      public boolean isPending() {
        return !batching.isDone();
      }

      @Override
      public void pass() {
        needed[rank] += isPending() ? 1 : 0;
        batching.iterate();
      }
    };
  }

  /** The requests of a replica, numbered anew. */
  private static Trace share(Communicator data) {
    int[] tokens = TRACE.requests().stream().mapToInt(Request::cachedTokens).toArray();
    int[] replica = Dealing.ROUND_ROBIN.deal(tokens, data.size());
    return renumbered(
        TRACE.requests().stream().filter(one -> replica[one.id()] == data.rank()).toList());
  }

  private static Trace renumbered(List<Request> requests) {
    List<Request> own = new ArrayList<>();
    for (Request one : requests) {
      own.add(new Request(own.size(), one.arrival(), one.promptTokens(), one.outputTokens()));
    }
    return new Trace(own);
  }

  private static ContinuousBatching continuous(Trace trace, int slots, DecodeStep step) {
    int each = trace.mostCachedTokens();
    return new ContinuousBatching(
        trace, slots, new ContiguousMemory(slots, slots * each, each), step);
  }

  private static int[] sums(Trace trace, Served served) {
    return trace.requests().stream()
        .mapToInt(x -> Arrays.hashCode(served.said()[x.id()]))
        .toArray();
  }

  private static RankGroup open(int ranks, boolean copies) {
    return RankGroup.open(
        ranks, Duration.ofSeconds(20), copies ? Transport.COPYING : Transport.SHARED);
  }

  /**
   * Each token goes to the replica of its expert, of 8, and comes back as what that makes of it.
   */
  private static final class ExpertStep implements DecodeStep {
    private static final int EXPERTS = 8;

    private final Communicator expert;
    private long remote;

    ExpertStep(Communicator expert) {
      this.expert = expert;
    }

    @Override
    public void iterate(Batch batch) {
      int p = expert.size();
      float[] counts = new float[p];
      float[] tokens = new float[batch.size()];
      for (int i = 0; i < batch.size(); i++) {
        int said = batch.saidCount(i);
        tokens[i] = said == 0 ? batch.request(i).promptTokens() : batch.said(i, said - 1);
        counts[owner(tokens[i], p)]++;
      }
      float[] theirs = new float[p];
      expert.allToAll(counts, 0, theirs, 0, p);
      int[] sent = toInts(counts);
      int[] received = toInts(theirs);
      float[] out = new float[batch.size()];
      int[] place = new int[batch.size()];
      int at = 0;
      for (int owner = 0; owner < p; owner++) {
        for (int i = 0; i < tokens.length; i++) {
          if (owner(tokens[i], p) == owner) {
            place[at] = i;
            out[at++] = tokens[i];
          }
        }
      }
      float[] in = new float[Arrays.stream(received).sum()];
      expert.allToAllV(out, 0, sent, in, 0, received);
      for (int i = 0; i < in.length; i++) {
        assertThat(owner(in[i], p)).isEqualTo(expert.rank());
        in[i] = (in[i] * 37 + in[i] % EXPERTS + 11) % 8191;
      }
      expert.allToAllV(in, 0, received, out, 0, sent);
      remote += out.length - sent[expert.rank()] + in.length - received[expert.rank()];
      for (int i = 0; i < out.length; i++) {
        batch.answer(place[i], (int) out[i]);
      }
    }

    private static int owner(float token, int p) {
      return (int) token % EXPERTS * p / EXPERTS;
    }

    private static int[] toInts(float[] counts) {
      int[] ints = new int[counts.length];
      Arrays.setAll(ints, i -> (int) counts[i]);
      return ints;
    }

    @Override
    public void release(int slot) {}
  }
}
