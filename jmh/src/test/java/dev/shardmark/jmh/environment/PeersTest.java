package dev.shardmark.jmh.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Variant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PeersTest {
  @ParameterizedTest
  @EnumSource
  void aPeerIsHereUnlessItSaysWhyNot(Variant variant) {
    String description = Peers.description(variant);
    assertThat(description).isNotBlank().doesNotContain("\n");
    assertThat(Peers.isHere(variant)).isEqualTo(!description.startsWith("unavailable: "));
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void whatThisBuildContainsIsHere(Variant own) {
    assertThat(Peers.isHere(own)).isTrue();
  }
}
