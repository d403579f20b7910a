package dev.shardmark.collectives.alltoall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Bf16Elements;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fp32Elements;
import dev.shardmark.collectives.RankFailedException;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.Transport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AllToAllTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  /** Nodes of one rank, of some that divide p or do not, and of more than there are. */
  static Stream<AllToAll> algorithms() {
    return Stream.of(
        new DirectAllToAll(),
        new EagerAllToAll(),
        new PairwiseAllToAll(),
        new BruckAllToAll(),
        new HierarchicalAllToAll(1),
        new HierarchicalAllToAll(2),
        new HierarchicalAllToAll(3),
        new HierarchicalAllToAll(4),
        new HierarchicalAllToAll(5),
        new HierarchicalAllToAll(20));
  }

  static Stream<Arguments> algorithmsAndTransports() {
    return Stream.of(Transport.SHARED, Transport.COPYING)
        .flatMap(
            transport ->
                algorithms()
                    .filter(algorithm -> !transport.copies() || !algorithm.needsSharedMemory())
                    .map(algorithm -> Arguments.of(algorithm, transport)));
  }

  static Stream<Arguments> algorithmsTransportsAndRanks() {
    int[] ranks = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16};
    return algorithmsAndTransports()
        .map(Arguments::get)
        .flatMap(of -> IntStream.of(ranks).mapToObj(p -> Arguments.of(of[0], of[1], p)));
  }

  /** Twice each, the second time in memory that is used already. */
  @ParameterizedTest
  @MethodSource("algorithmsTransportsAndRanks")
  void everyRankGetsItsBlocksForTheBytesOfTheFormula(
      AllToAll algorithm, Transport transport, int p) {
    try (RankGroup group = open(p, algorithm, transport)) {
      for (int length : new int[] {1, p - 1, p, p + 1, 4 * p + 3, 1000, 5003}) {
        List<Long> formula = algorithm.traffic(chunks(p, length)).sentBytes();
        for (int call = 0; call < 2; call++) {
          assertThat(counted(group, () -> AllToAllCheck.verify(group, length)))
              .as("length %d", length)
              .isEqualTo(length == 0 ? Collections.nCopies(p, 0L) : formula);
        }
      }
      for (int[][] lengths : unequal(p)) {
        List<Long> formula = algorithm.traffic(lengths).sentBytes();
        for (int call = 0; call < 2; call++) {
          assertThat(counted(group, () -> AllToAllCheck.verify(group, lengths)))
              .as("lengths %s", Arrays.deepToString(lengths))
              .isEqualTo(formula);
        }
      }
      assertThat(counted(group, () -> AllToAllCheck.verify(group, 0))).containsOnly(0L);
    }
  }

  /** What sender and receiver do not agree on is found whichever way the block takes. */
  @ParameterizedTest
  @MethodSource("algorithmsAndTransports")
  void lengthsMustAgree(AllToAll algorithm, Transport transport) {
    int p = 5;
    try (RankGroup group = open(p, algorithm, transport)) {
      for (int sender = 0; sender < p; sender++) {
        for (int receiver = 0; receiver < p; receiver++) {
          int[][] sent = chunks(p, 17);
          int[][] expected = chunks(p, 17);
          sent[sender][receiver]++;
          int from = sender;
          int to = receiver;
          assertThatThrownBy(() -> exchange(group, sent, expected))
              .isInstanceOf(RankFailedException.class)
              .satisfies(
                  failure -> assertThat(((RankFailedException) failure).rank()).isEqualTo(to))
              .cause()
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage(
                  "lengths must agree: rank %d expects %d elements from rank %d, which sends %d",
                  to, expected[from][to], from, expected[from][to] + 1);
        }
      }
      AllToAllCheck.verify(group, 100);
    }
  }

  /** An algorithm does not know the type of the elements. */
  @ParameterizedTest
  @MethodSource("algorithmsAndTransports")
  void bf16BlocksTravelToo(AllToAll algorithm, Transport transport) {
    int p = 5;
    int[][] lengths = unequal(p).getLast();
    int[][] received = transposed(lengths);
    try (RankGroup group = open(p, algorithm, transport)) {
      group.run(
          rank -> {
            int me = rank.rank();
            short[] sent = new short[IntStream.of(lengths[me]).sum()];
            short[] got = new short[IntStream.of(received[me]).sum()];
            Blocks in = new Blocks(p);
            Blocks out = new Blocks(p);
            in.lengths(new Bf16Elements(sent), 0, lengths[me]);
            out.lengths(new Bf16Elements(got), 0, received[me]);
            for (int to = 0; to < p; to++) {
              Arrays.fill(sent, in.at(to), in.at(to) + in.length(to), (short) (10 * me + to));
            }
            algorithm.run(rank, in, out);
            for (int from = 0; from < p; from++) {
              short[] block =
                  Arrays.copyOfRange(got, out.at(from), out.at(from) + out.length(from));
              for (short element : block) {
                assertThat(element).isEqualTo((short) (10 * from + me));
              }
            }
          });
    }
  }

  @Test
  void aPartOfAGroupExchangesByItself() {
    for (AllToAll algorithm : List.of(new BruckAllToAll(), new HierarchicalAllToAll(2))) {
      try (RankGroup group = open(7, algorithm, Transport.COPYING)) {
        group.run(
            rank -> {
              var part = rank.split(rank.rank() % 2, -rank.rank()); // 6 4 2 0, and 5 3 1
              int size = part.size();
              float[] in = new float[size];
              Arrays.fill(in, rank.rank());
              float[] out = new float[size];
              part.allToAll(in, 0, out, 0, size);
              for (int from = 0; from < size; from++) {
                assertThat(out[from]).isEqualTo(2 * (size - 1 - from) + rank.rank() % 2);
              }
            });
      }
    }
  }

  @Test
  void stepsAndMemory() {
    int[][] lengths = chunks(8, 8 << 10);
    long sizeBytes = Float.BYTES * (8L << 10);
    Traffic direct = new DirectAllToAll().traffic(lengths);
    assertThat(direct.steps()).isEqualTo(2);
    assertThat(direct.sizeBytes()).isEqualTo(sizeBytes);
    assertThat(direct.memoryBytes()).isEqualTo(2 * 8 * sizeBytes);
    assertThat(direct.busFactor()).isEqualTo(7 / 8.0);
    Traffic eager = new EagerAllToAll().traffic(lengths);
    assertThat(eager.steps()).isEqualTo(1);
    assertThat(eager.sentBytes()).containsOnly(sizeBytes * 7 / 8 + 2 * 4 * 7);
    assertThat(eager.memoryBytes()).isEqualTo(4 * 8 * sizeBytes);
    Traffic pairwise = new PairwiseAllToAll().traffic(lengths);
    assertThat(pairwise.steps()).isEqualTo(7);
    assertThat(pairwise.sentBytes()).containsOnly(sizeBytes * 7 / 8);
    assertThat(pairwise.memoryBytes()).isEqualTo(2 * 8 * sizeBytes);
    Traffic bruck = new BruckAllToAll().traffic(lengths);
    assertThat(bruck.steps()).isEqualTo(3);
    assertThat(bruck.sentBytes()).containsOnly(sizeBytes / 2 * 3 + 2 * 8 * 3);
    assertThat(bruck.memoryBytes()).isEqualTo(sizeBytes * (2 + 4 * 12));
    Traffic hierarchical = new HierarchicalAllToAll(4).traffic(lengths);
    assertThat(hierarchical.steps()).isEqualTo(2);
    assertThat(hierarchical.sentBytes()).containsOnly(sizeBytes * 3 / 4 + sizeBytes / 2 + 4 * 10);
    assertThat(hierarchical.memoryBytes()).isEqualTo(sizeBytes * (2 + 4 * 4 + 6 * 3));
    assertThat(new BruckAllToAll().traffic(chunks(9, 9)).steps()).isEqualTo(4);
    assertThat(new HierarchicalAllToAll(8).traffic(lengths).steps()).isEqualTo(1);
    assertThat(new HierarchicalAllToAll(1).traffic(lengths).steps()).isEqualTo(1);
  }

  @Test
  void theSizeIsTheMostThatARankHasOrGets() {
    int[][] toOne = {{1, 0, 0}, {5, 0, 0}, {7, 1, 0}};
    assertThat(new PairwiseAllToAll().traffic(toOne).sizeBytes()).isEqualTo(4 * 13);
    assertThat(new PairwiseAllToAll().traffic(toOne).sentBytes()).containsExactly(0L, 20L, 32L);
    assertThat(new DirectAllToAll().traffic(toOne).sentBytes()).containsExactly(48L, 4L, 0L);
    int[][] fromOne = {{1, 5, 7}, {0, 0, 1}, {0, 0, 0}};
    assertThat(new PairwiseAllToAll().traffic(fromOne).sizeBytes()).isEqualTo(4 * 13);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 0x7fc0beef, Integer.MAX_VALUE})
  void lengthsTravelAsElements(int length) {
    for (Elements message :
        List.of(new Fp32Elements(new float[9]), new Bf16Elements(new short[9]))) {
      message.setInt(3, length);
      Elements copy = message.scratch(null, 9);
      copy.copy(0, message, 0, 9);
      assertThat(copy.getInt(3)).isEqualTo(length);
      assertThat(message.elementsPerInt() * message.bytesEach()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @MethodSource("algorithmsAndTransports")
  void nothingIsAllocatedOnceWarm(AllToAll algorithm, Transport transport) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int p = 4;
    int[][] lengths = unequal(p).getLast();
    int[][] received = transposed(lengths);
    float[][] in = new float[p][4 * 500];
    float[][] out = new float[p][4 * 500];
    AtomicLongArray before = new AtomicLongArray(p);
    AtomicLongArray after = new AtomicLongArray(p);
    try (RankGroup group = open(p, algorithm, transport)) {
      group.run(
          rank -> {
            int me = rank.rank();
            for (int call = 0; call < 2_000; call++) {
              if (call == 1_000) {
                before.set(me, threads.getCurrentThreadAllocatedBytes());
              }
              rank.allToAllV(in[me], 0, lengths[me], out[me], 0, received[me]);
              rank.allToAll(in[me], 0, out[me], 0, 1003);
            }
            after.set(me, threads.getCurrentThreadAllocatedBytes());
          });
    }
    for (int rank = 0; rank < p; rank++) {
      assertThat(after.get(rank) - before.get(rank)).as("rank %d", rank).isLessThan(10_000);
    }
  }

  @Test
  void aNodeHasARank() {
    assertThatThrownBy(() -> new HierarchicalAllToAll(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a node must have a rank: groupSize=0");
    assertThat(new HierarchicalAllToAll(8).parameter()).isEqualTo("hierarchical(8)");
  }

  private static RankGroup open(int p, AllToAll algorithm, Transport transport) {
    return RankGroup.open(p, DEADLINE, transport, Algorithms.of(transport).with(algorithm));
  }

  /** No blocks; all to one rank; all from one; to the next alone; any numbers. */
  private static List<int[][]> unequal(int p) {
    SplittableRandom random = new SplittableRandom(p);
    int[][] none = new int[p][p];
    int[][] toOne = new int[p][p];
    int[][] fromOne = new int[p][p];
    int[][] toNext = new int[p][p];
    int[][] any = new int[p][p];
    for (int from = 0; from < p; from++) {
      toOne[from][p / 2] = 100 + from;
      fromOne[p - 1][from] = 100 + from;
      toNext[from][(from + 1) % p] = 33;
      for (int to = 0; to < p; to++) {
        any[from][to] = random.nextInt(3) == 0 ? 0 : random.nextInt(400);
      }
    }
    return List.of(none, toOne, fromOne, toNext, any);
  }

  private static int[][] chunks(int p, int length) {
    int[][] lengths = new int[p][p];
    for (int[] row : lengths) {
      Arrays.setAll(row, to -> Chunks.length(length, to, p));
    }
    return lengths;
  }

  private static int[][] transposed(int[][] lengths) {
    int[][] transposed = new int[lengths.length][lengths.length];
    for (int from = 0; from < lengths.length; from++) {
      for (int to = 0; to < lengths.length; to++) {
        transposed[to][from] = lengths[from][to];
      }
    }
    return transposed;
  }

  private static void exchange(RankGroup group, int[][] sent, int[][] expected) {
    int[][] received = transposed(expected);
    group.run(
        rank -> {
          int me = rank.rank();
          float[] in = new float[IntStream.of(sent[me]).sum()];
          float[] out = new float[IntStream.of(received[me]).sum()];
          rank.allToAllV(in, 0, sent[me], out, 0, received[me]);
        });
  }

  private static List<Long> counted(RankGroup group, Runnable call) {
    Long[] bytes = new Long[group.size()];
    group.run(rank -> bytes[rank.rank()] = -rank.sentBytes());
    call.run();
    group.run(rank -> bytes[rank.rank()] += rank.sentBytes());
    return List.of(bytes);
  }
}
