package dev.shardmark.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One implementation of a kernel contract, by the name it carries in benchmark parameters. */
public enum Variant {
  /** Plain loops that the compiler may vectorise by itself: the honest Java baseline. */
  SCALAR,
  /** The Vector API, as fast as this project can make it. */
  VECTOR,
  /** OpenBLAS, where it is found: a peer to compare with. */
  OPENBLAS,
  /** oneDNN, where it is found: a peer to compare with. */
  ONEDNN,
  /** The Vector API code of netlib, where it is found: a peer to compare with. */
  NETLIB;

  /** The variants that every contract has. */
  public static final List<Variant> OWN = List.of(SCALAR, VECTOR);

  /** Libraries to compare with, for contracts that they have a kernel for. */
  public static final List<Variant> PEERS = List.of(OPENBLAS, ONEDNN, NETLIB);

  /** The name in parameters and results, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The variant a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static Variant of(String parameter) {
    for (Variant variant : values()) {
      if (variant.parameter().equals(parameter)) {
        return variant;
      }
    }
    throw new IllegalArgumentException(
        "variant must be one of "
            + Arrays.stream(values()).map(Variant::parameter).toList()
            + ": variant="
            + parameter);
  }
}
