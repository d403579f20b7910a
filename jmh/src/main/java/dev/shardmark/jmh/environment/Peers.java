package dev.shardmark.jmh.environment;

import dev.shardmark.kernels.peer.OpenBlasGemm;
import dev.shardmark.kernels.peer.PeerUnavailableException;

/** Native libraries to compare with, and which of them are here. */
public final class Peers {
  private Peers() {}

  /** Whether OpenBLAS opens; if not, its rows are left out, and {@code doctor} says why. */
  public static boolean openBlasIsHere() {
    return !openBlas().startsWith("unavailable");
  }

  /** Version, kernels and origin of OpenBLAS, or why it is unavailable. */
  static String openBlas() {
    try {
      return OpenBlasGemm.description();
    } catch (PeerUnavailableException e) {
      return "unavailable: " + e.getMessage();
    }
  }
}
