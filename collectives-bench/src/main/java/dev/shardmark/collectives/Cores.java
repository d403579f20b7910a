package dev.shardmark.collectives;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.BitSet;

/** Cores of the machines that ranks run on. */
public final class Cores {
  private static final int MOST = 1024; // as many as Affinity knows

  private Cores() {}

  /**
   * Whether a machine has fewer cores than ranks, counting cores that any of its ranks may use. All
   * ranks of the group call it, before they are kept on cores, and get the same answer.
   */
  public static boolean areFewerThanRanks(Communicator rank) {
    Communicator machine = rank.split(host().hashCode() & Integer.MAX_VALUE, rank.rank());
    float[] usable = new float[MOST];
    own().stream().filter(core -> core < MOST).forEach(core -> usable[core] = 1);
    machine.allReduce(usable, 0, MOST, ReduceOp.MAX);
    int cores = 0;
    for (float core : usable) {
      cores += core > 0 ? 1 : 0;
    }
    float[] fewer = {cores < machine.size() ? 1 : 0};
    rank.allReduce(fewer, 0, 1, ReduceOp.MAX);
    return fewer[0] > 0;
  }

  private static BitSet own() {
    BitSet all = new BitSet();
    all.set(0, Runtime.getRuntime().availableProcessors());
    return Affinity.cores().orElse(all);
  }

  /** Ranks of one name share cores; machines without a name are taken for one. */
  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }
}
