package dev.shardmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void takesWhatTheJvmPrefersWhereKernelsAreTested() {
    assertThat(Species.chosen(null, FloatVector.SPECIES_64)).isEqualTo(FloatVector.SPECIES_128);
    assertThat(Species.chosen(null, FloatVector.SPECIES_128)).isEqualTo(FloatVector.SPECIES_128);
    assertThat(Species.chosen(null, FloatVector.SPECIES_256)).isEqualTo(FloatVector.SPECIES_256);
    assertThat(Species.chosen(null, FloatVector.SPECIES_512)).isEqualTo(FloatVector.SPECIES_512);
  }

  @Test
  void takesTheWidthItIsTold() {
    assertThat(Species.chosen("128", FloatVector.SPECIES_512)).isEqualTo(FloatVector.SPECIES_128);
    for (String bad : new String[] {"", "64", "1024", "wide"}) {
      assertThatThrownBy(() -> Species.chosen(bad, FloatVector.SPECIES_256))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("kernels.vectorBits must be 128, 256 or 512: kernels.vectorBits=" + bad);
    }
  }
}
