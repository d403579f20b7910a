package dev.shardmark.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shape every Vector kernel uses.
 *
 * <p>The widest the JVM prefers, from 128 to 512 bits, unless {@code
 * -Dkernels.vectorBits=128|256|512} forces one, which tests do; a width the CPU lacks still
 * computes the right result, very slowly.
 */
public final class Species {
  /** Constant, because a species the compiler cannot fold makes it box every vector. */
  public static final VectorSpecies<Float> F =
      chosen(System.getProperty("kernels.vectorBits"), FloatVector.SPECIES_PREFERRED);

  /** Floats in one vector. */
  public static final int LANES = F.length();

  private Species() {}

  /** The species of so many bits, or, where {@code bits} is null, about what the JVM prefers. */
  static VectorSpecies<Float> chosen(String bits, VectorSpecies<Float> preferred) {
    String width = bits;
    if (width == null) { // JVMs prefer 64 bits where they have no vectors at all
      width = Integer.toString(Math.clamp(preferred.vectorBitSize(), 128, 512));
    }
    return switch (width) {
      case "128" -> FloatVector.SPECIES_128;
      case "256" -> FloatVector.SPECIES_256;
      case "512" -> FloatVector.SPECIES_512;
      default ->
          throw new IllegalArgumentException(
              "kernels.vectorBits must be 128, 256 or 512: kernels.vectorBits=" + width);
    };
  }
}
