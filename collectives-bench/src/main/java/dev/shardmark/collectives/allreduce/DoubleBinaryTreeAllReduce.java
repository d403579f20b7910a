package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Two binary trees, each of which reduces one half of the vector to its root and broadcasts it
 * back.
 *
 * <p>A tree is in order over nodes 1 to p, with the greatest power of two at the root, so that odd
 * nodes are leaves. In the first tree rank r is node r + 1; the second is its mirror image if p is
 * even, and shifted by one if p is odd. So a rank has children in at most one of them: it first
 * sends its part as a leaf, and while that is under way does its work in the other tree. Halves go
 * whole, not in a pipeline of blocks.
 *
 * <p><b>Cost</b> 2 floor(lg p) steps; a rank sends half a vector to each parent and to each child:
 * at most 2 S bytes, S for one without children. Memory traffic 5 (p - 1) S.
 *
 * <p><b>Order</b> node v of a tree has (x[v] + left) + right, where left and right are what its
 * children have, of nodes below v and above; the root alone adds last, and copies go down: all
 * ranks end with identical bits.
 *
 * <p><b>Source</b> P. Sanders, J. Speck and J. L. Traeff, Two-tree algorithms for full bandwidth
 * broadcast, reduction and scan, Parallel Computing 35(12), 2009.
 */
public final class DoubleBinaryTreeAllReduce implements AllReduce {
  private static final int TREES = 2;

  /** No such node: they count from 1. */
  private static final int NONE = 0;

  @Override
  public String parameter() {
    return "double_binary_tree";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    int p = rank.size();
    int inner = node(0, rank.rank(), p) % 2 == 0 ? 0 : 1; // the tree in which I may have children
    int leaf = 1 - inner;
    int leafAt = offset + Chunks.start(length, leaf, TREES);
    int leafLength = Chunks.length(length, leaf, TREES);
    int leafNode = node(leaf, rank.rank(), p);
    int leafParent = rank(leaf, parent(leafNode, p), p);
    rank.post(leafParent, buffer, leafAt, leafLength, up(leafNode));
    reduce(rank, inner, buffer, offset, length, op);
    // Before I send down, or this would wait for the parent to take that, and it may wait for me.
    rank.awaitReturn(leafParent, up(leafNode));
    broadcast(rank, inner, buffer, offset, length);
    rank.takeInto(leafParent, buffer, leafAt, leafLength, down(leafNode, p));
    int node = node(inner, rank.rank(), p);
    awaitReturn(rank, inner, left(node));
    awaitReturn(rank, inner, right(node, p));
  }

  private static void reduce(
      Rank rank, int tree, Elements buffer, int offset, int length, ReduceOp op) {
    int p = rank.size();
    int at = offset + Chunks.start(length, tree, TREES);
    int half = Chunks.length(length, tree, TREES);
    int node = node(tree, rank.rank(), p);
    int left = left(node);
    int right = right(node, p);
    int parent = parent(node, p);
    if (left != NONE) {
      rank.takeCombining(op, rank(tree, left, p), buffer, at, half, up(left));
    }
    if (right != NONE) {
      rank.takeCombining(op, rank(tree, right, p), buffer, at, half, up(right));
    }
    if (parent != NONE) {
      rank.post(rank(tree, parent, p), buffer, at, half, up(node));
    }
  }

  private static void broadcast(Rank rank, int tree, Elements buffer, int offset, int length) {
    int p = rank.size();
    int at = offset + Chunks.start(length, tree, TREES);
    int half = Chunks.length(length, tree, TREES);
    int node = node(tree, rank.rank(), p);
    int left = left(node);
    int right = right(node, p);
    int parent = parent(node, p);
    if (parent != NONE) {
      rank.awaitReturn(rank(tree, parent, p), up(node));
      rank.takeInto(rank(tree, parent, p), buffer, at, half, down(node, p));
    }
    if (left != NONE) {
      rank.post(rank(tree, left, p), buffer, at, half, down(left, p));
    }
    if (right != NONE) {
      rank.post(rank(tree, right, p), buffer, at, half, down(right, p));
    }
  }

  private static void awaitReturn(Rank rank, int tree, int child) {
    if (child != NONE) {
      rank.awaitReturn(rank(tree, child, rank.size()), down(child, rank.size()));
    }
  }

  private static int node(int tree, int rank, int ranks) {
    if (tree == 0) {
      return rank + 1;
    }
    return ranks % 2 == 0 ? ranks - rank : (rank + 1) % ranks + 1;
  }

  private static int rank(int tree, int node, int ranks) {
    if (tree == 0) {
      return node - 1;
    }
    return ranks % 2 == 0 ? ranks - node : (node + ranks - 2) % ranks;
  }

  /**
   * The lowest bit of a node is its height; a child that would be too high is replaced by its own.
   */
  private static int parent(int node, int ranks) {
    int bit = Integer.lowestOneBit(node);
    int without = node - bit;
    int parent = without | 2 * bit;
    return parent <= ranks ? parent : without;
  }

  private static int left(int node) {
    int bit = Integer.lowestOneBit(node);
    return bit > 1 ? node - bit / 2 : NONE;
  }

  private static int right(int node, int ranks) {
    int bit = Integer.lowestOneBit(node) / 2;
    while (node + bit > ranks) {
      bit /= 2;
    }
    return bit > 0 ? node + bit : NONE;
  }

  /** The step in which a node sends to its parent. */
  private static int up(int node) {
    return Integer.numberOfTrailingZeros(node);
  }

  /** The step in which a node hears from its parent. */
  private static int down(int node, int ranks) {
    return steps(ranks) - 1 - up(node);
  }

  private static int steps(int ranks) {
    return 2 * Integer.numberOfTrailingZeros(Integer.highestOneBit(ranks));
  }

  @Override
  public long combined(int ranks, int length) {
    long most = 0;
    for (int node = 1; node <= ranks; node++) { // the longer half of the vector
      long children = (left(node) == NONE ? 0 : 1) + (right(node, ranks) == NONE ? 0 : 1);
      most = Math.max(most, children * Math.ceilDiv(length, TREES));
    }
    return most;
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        steps(ranks),
        rank -> sent(0, rank, ranks, length) + sent(1, rank, ranks, length),
        5L * (ranks - 1) * length,
        AllReduce.busFactor(ranks));
  }

  private static long sent(int tree, int rank, int ranks, int length) {
    int node = node(tree, rank, ranks);
    long messages = parent(node, ranks) != NONE ? 1 : 0;
    messages += left(node) != NONE ? 1 : 0;
    messages += right(node, ranks) != NONE ? 1 : 0;
    return messages * Chunks.length(length, tree, TREES);
  }
}
