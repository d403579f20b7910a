package dev.shardmark.collectives.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.channel.Links.Link;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinksTest {
  private static final String TEXT = "2;1000ns,10GB/s;20000ns,1GB/s";

  @Test
  void textIsReadAsItIsWritten() {
    Links links = Links.of(TEXT);
    assertThat(links).isEqualTo(new Links(2, new Link(1_000, 10), new Link(20_000, 1)));
    assertThat(links.parameter()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 12.5, 1e-9, 123_456_789, 1e30, 1.0 / 3, Double.POSITIVE_INFINITY})
  void everyBandwidthIsReadBack(double gigabytesPerSecond) {
    Link link = new Link(Long.MAX_VALUE, gigabytesPerSecond);
    Links links = new Links(Integer.MAX_VALUE, new Link(0, 1), link);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Links.of(links.parameter())).isEqualTo(links);
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "fast",
        "2;1000ns,10GB/s",
        "2;1000ns,10GB/s;20000ns,1GB/s;",
        "2; 1000ns,10GB/s;20000ns,1GB/s",
        "2;1000,10GB/s;20000ns,1GB/s",
        "2;1us,10GB/s;20000ns,1GB/s",
        "2;1000ns,10Gb/s;20000ns,1GB/s",
        "2;1000ns,1-0GB/s;20000ns,1GB/s",
        "2;1000ns,NaNGB/s;20000ns,1GB/s",
        "-2;1000ns,10GB/s;20000ns,1GB/s",
        "2;-1ns,10GB/s;20000ns,1GB/s",
        "99999999999;1000ns,10GB/s;20000ns,1GB/s"
      })
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> Links.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .isNotInstanceOf(NumberFormatException.class)
        .hasMessage(
            "links must be ranks of a node, a link inside it and one between nodes, as in "
                + TEXT
                + ": links="
                + text);
  }

  @Test
  void linksMustBePossible() {
    assertThatThrownBy(() -> Links.of("0;1000ns,10GB/s;20000ns,1GB/s"))
        .hasMessage("a node must have a rank: ranksPerNode=0");
    assertThatThrownBy(() -> Links.of("2;1000ns,0GB/s;20000ns,1GB/s"))
        .hasMessageContaining("bandwidth above 0")
        .hasMessageContaining("gigabytesPerSecond=0.0");
    assertThatThrownBy(() -> new Link(-1, 1)).hasMessageContaining("latencyNs=-1");
    assertThatThrownBy(() -> new Link(0, Double.NaN)).hasMessageContaining("Second=NaN");
  }

  @Test
  void nodesAreConsecutiveRanks() {
    Links links = Links.of("3;0ns,1GB/s;0ns,1GB/s");
    assertThat(links.isInside(0, 2)).isTrue();
    assertThat(links.isInside(2, 3)).isFalse();
    assertThat(links.isInside(5, 3)).isTrue();
  }
}
