package dev.shardmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

final class SpeciesTest {
  @Test
  void isWhatTheMachinePrefersUnlessOneIsForced() {
    Integer forced = Integer.getInteger("kernels.vectorBits");
    int bits = forced == null ? FloatVector.SPECIES_PREFERRED.vectorBitSize() : forced;
    assertThat(Species.F.vectorBitSize()).isEqualTo(bits);
    assertThat(Species.LANES).isEqualTo(bits / Float.SIZE);
  }
}
