package dev.shardmark.parallel.data;

import dev.shardmark.kernels.kvcache.KvPool;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Tells whether replicas in one process are separate: no array belongs to two of them. */
public final class ReplicaCheck {
  private ReplicaCheck() {}

  /**
   * Null when right, otherwise what is wrong.
   *
   * @param pools keys and values of each replica, one pool for each layer
   */
  public static String fault(List<List<KvPool>> pools) {
    Map<Object, Integer> owner = new IdentityHashMap<>();
    for (int replica = 0; replica < pools.size(); replica++) {
      for (KvPool pool : pools.get(replica)) {
        String fault = fault(owner, replica, pool);
        if (fault != null) {
          return fault;
        }
      }
    }
    return null;
  }

  private static String fault(Map<Object, Integer> owner, int replica, KvPool pool) {
    Integer other = owner.putIfAbsent(pool, replica);
    if (other != null) {
      return "a pool belongs to one layer of one replica: replicas=" + other + "," + replica;
    }
    for (int block = 0; block < pool.blocks(); block++) {
      for (int head = 0; head < pool.kvHeads(); head++) {
        for (Object panel : panels(pool, block, head)) {
          other = owner.putIfAbsent(panel, replica);
          if (other != null) {
            return "an array belongs to one replica: replicas=" + other + "," + replica;
          }
        }
      }
    }
    return null;
  }

  private static Object[] panels(KvPool pool, int block, int head) {
    return switch (pool.storage()) {
      case FP32 -> pool.keyPanels(block, head);
      case BF16 -> pool.bf16KeyPanels(block, head);
    };
  }
}
