package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.kernels.moe.Scoring;
import java.util.stream.IntStream;

/**
 * Node-limited routing: the experts of a token are on at most so many nodes, because a router by
 * groups of experts keeps as many groups, and each group is what one node holds.
 *
 * <p><b>Source</b> DeepSeek-AI, DeepSeek-V3 Technical Report, arXiv 2412.19437, 2024, section
 * 2.1.2.
 *
 * @param nodes of equal, consecutive ranks
 * @param kept most nodes of a token
 * @throws IllegalArgumentException if kept is not in 1..nodes
 */
public record NodeLimit(int nodes, int kept) {
  public NodeLimit {
    if (kept < 1 || kept > nodes) {
      throw new IllegalArgumentException(
          "nodes kept must be in 1..nodes: kept=" + kept + " nodes=" + nodes);
    }
  }

  /** The rule of sigmoid scores that keeps the limit. */
  public RoutingRule rule(boolean renormalised, float scaling) {
    return new RoutingRule(Scoring.SIGMOID, renormalised, nodes, kept, scaling);
  }

  /**
   * Returns if a group of experts is what a node holds.
   *
   * @throws IllegalArgumentException if not
   */
  public void check(ExpertPlacement placement) {
    boolean whole = placement.ranks() % nodes == 0 && placement.places() == placement.experts();
    for (int place = 0; place < placement.places(); place++) {
      int each = placement.places() / nodes;
      whole = whole && placement.expertAt(place) / each == place / each;
    }
    if (!whole) {
      throw new IllegalArgumentException(
          "each node must hold one group of consecutive experts: nodes="
              + nodes
              + " ranks="
              + placement.ranks()
              + " experts="
              + placement.experts());
    }
  }

  /** Nodes that the experts of one token of a rank are on. */
  public int nodesOf(Routing routing, int token, ExpertPlacement placement, int rank) {
    int first = token * routing.topK();
    return (int)
        IntStream.range(first, first + routing.topK())
            .map(at -> routing.expert()[at])
            .filter(expert -> expert != Routing.DROPPED)
            .map(expert -> placement.place(expert, rank) / (placement.places() / nodes))
            .distinct()
            .count();
  }
}
