package dev.shardmark.jmh.environment;

import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.peer.NetlibGemm;
import dev.shardmark.kernels.peer.OneDnnGemm;
import dev.shardmark.kernels.peer.OpenBlasGemm;
import dev.shardmark.kernels.peer.PeerUnavailableException;

/** Libraries to compare with, and which of them are here. */
public final class Peers {
  private Peers() {}

  /**
   * Whether a variant's library opens, if it has one; if not, its rows are left out, and {@code
   * doctor} says why.
   */
  public static boolean isHere(Variant variant) {
    return Variant.OWN.contains(variant) || !description(variant).startsWith("unavailable");
  }

  /** Version, kernels and origin of a variant's library, or why it is unavailable. */
  static String description(Variant variant) {
    try {
      return switch (variant) {
        case OPENBLAS -> OpenBlasGemm.description();
        case ONEDNN -> OneDnnGemm.description();
        case NETLIB -> NetlibGemm.description();
        case SCALAR, VECTOR -> "part of this build";
      };
    } catch (PeerUnavailableException e) {
      return "unavailable: " + e.getMessage();
    }
  }
}
