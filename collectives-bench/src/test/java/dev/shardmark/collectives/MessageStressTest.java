package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.channel.Channel;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of {@link Channel} under a race: a message holds what was written before it was
 * sent, and its sender writes again only when the receiver is done.
 *
 * <p>The sender rewrites plain floats all the time; an element of another message than the one
 * taken is forbidden.
 */
class MessageStressTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int LENGTH = 96;
  private static final int MESSAGES_PER_RUN = 1000;
  private static final Duration SOUND = Duration.ofMillis(700);

  /** A broken use shows itself long before. */
  private static final Duration BROKEN = Duration.ofSeconds(20);

  private enum Use {
    SOUND,
    WRITES_BEFORE_RETURN,
    GIVES_BACK_BEFORE_READING
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMessageIsWhole(boolean copies) {
    assertThat(forbidden(copies, Use.SOUND)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "false, WRITES_BEFORE_RETURN",
    "false, GIVES_BACK_BEFORE_READING",
    "true, GIVES_BACK_BEFORE_READING"
  })
  void anotherUseIsCaught(boolean copies, Use use) {
    assertThat(forbidden(copies, use)).isPositive();
  }

  private static long forbidden(boolean copies, Use use) {
    Transport transport = copies ? Transport.COPYING : Transport.SHARED;
    float[] sent = new float[LENGTH];
    Elements elements = new Fp32Elements(sent);
    long[] forbidden = new long[1];
    long limitNs = (use == Use.SOUND ? SOUND : BROKEN).toNanos();
    long startNs = System.nanoTime();
    try (RankGroup group = RankGroup.open(2, DEADLINE, transport)) {
      do {
        group.run(
            rank -> {
              for (int message = 0; message < MESSAGES_PER_RUN; message++) {
                if (rank.rank() == 0) {
                  send(rank, sent, elements, message, use);
                } else {
                  forbidden[0] += receive(rank, message, use);
                }
              }
            });
      } while (System.nanoTime() - startNs < limitNs && (use == Use.SOUND || forbidden[0] == 0));
    }
    return forbidden[0];
  }

  private static void send(Rank rank, float[] sent, Elements elements, int message, Use use) {
    for (int i = 0; i < LENGTH; i++) {
      sent[i] = message;
    }
    rank.post(1, elements, 0, LENGTH, message);
    if (use != Use.WRITES_BEFORE_RETURN) {
      rank.awaitReturn(1, message);
    }
  }

  private static int receive(Rank rank, int message, Use use) {
    Channel in = rank.take(0, LENGTH, message);
    float[] data = ((Fp32Elements) in.data()).data();
    int offset = in.offset();
    if (use == Use.GIVES_BACK_BEFORE_READING) {
      in.giveBack();
    }
    int forbidden = 0;
    for (int i = 0; i < LENGTH; i++) {
      forbidden += data[offset + i] == message ? 0 : 1;
    }
    if (use != Use.GIVES_BACK_BEFORE_READING) {
      in.giveBack();
    }
    return forbidden;
  }
}
