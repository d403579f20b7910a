package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.Meter;

/**
 * {@link Dispatch} in two smaller all-to-alls each way: ranks form nodes of G in a row. First each
 * rank hands its rows to the rank of its node that has the number of their destination; then ranks
 * of equal numbers exchange what their nodes have for each other. Rows arrive in the same order as
 * by {@link FlatDispatch}, so results are the same bit for bit.
 *
 * <p><b>Cost</b> {@link #sentBytes}: a row that changes node and number is sent twice each way, so
 * up to twice the bytes; and G + e / G - 2 peers instead of e - 1.
 *
 * <p><b>Source</b> S. Rajbhandari et al., DeepSpeed-MoE, arXiv 2201.05596, 2022; C. Hwang et al.,
 * Tutel, arXiv 2206.03382, 2022.
 */
public final class HierarchicalDispatch implements Dispatch {
  private final int nodes;
  private final int groupSize;
  private final int slots;
  private final RowExchange inside;
  private final RowExchange across;

  /** From nodes and numbers of destinations to numbers and nodes. */
  private final BlockTransposition byNumber;

  /** From numbers of senders and nodes of destinations to nodes and numbers. */
  private final BlockTransposition byNode;

  private final BlockTransposition bySlot;
  private final int[] counts;
  private final int[] swapped;
  private final int[] offset;

  /**
   * A dispatch; every rank of the group makes one, since it splits the group.
   *
   * @param groupSize G, ranks of a node
   * @throws IllegalArgumentException if the group has another number of ranks than the placement,
   *     or the group size does not divide it
   */
  public HierarchicalDispatch(
      Communicator group, ExpertPlacement placement, int groupSize, int hidden, Meter meter) {
    FlatDispatch.checkGroup(group, placement);
    checkGroupSize(placement, groupSize);
    this.groupSize = groupSize;
    nodes = group.size() / groupSize;
    slots = placement.slots();
    int node = group.rank() / groupSize;
    int number = group.rank() % groupSize;
    inside = new RowExchange(group.split(node, number), nodes * slots, hidden);
    across = new RowExchange(group.split(number, node), groupSize * slots, hidden);
    byNumber = new BlockTransposition(nodes, groupSize, hidden, meter);
    byNode = new BlockTransposition(groupSize, nodes, hidden, meter);
    bySlot = new BlockTransposition(group.size(), slots, hidden, meter);
    counts = new int[placement.places()];
    swapped = new int[placement.places()];
    offset = new int[slots + 1];
  }

  private static void checkGroupSize(ExpertPlacement placement, int groupSize) {
    if (groupSize < 1 || placement.ranks() % groupSize != 0) {
      throw new IllegalArgumentException(
          "group size must divide the expert degree: groupSize="
              + groupSize
              + " expert="
              + placement.ranks());
    }
  }

  @Override
  public Matrix send(Matrix rows, int[] placeOffset) {
    FlatDispatch.count(placeOffset, counts);
    byNumber.count(counts, slots);
    swap(counts, nodes, groupSize);
    Matrix gathered = inside.send(byNumber.apply(rows), swapped);
    byNode.count(inside.counts(), slots);
    swap(inside.counts(), groupSize, nodes);
    Matrix arrived = across.send(byNode.apply(gathered), swapped);
    bySlot.count(across.counts(), 1);
    bySlot.offsets(offset);
    return bySlot.apply(arrived);
  }

  /** Sets the counts of m x n blocks of slots as those of n x m. */
  private void swap(int[] of, int m, int n) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        System.arraycopy(of, (i * n + j) * slots, swapped, (j * m + i) * slots, slots);
      }
    }
  }

  @Override
  public int[] offset() {
    return offset;
  }

  @Override
  public Matrix giveBack(Matrix results) {
    Matrix gathered = byNode.undo(across.giveBack(bySlot.undo(results)));
    return byNumber.undo(inside.giveBack(gathered));
  }

  /**
   * Bytes of one rank for all six all-to-alls, whoever is charged: a row makes up to two hops there
   * and as many back, and each is sent once by either end.
   *
   * @throws IllegalArgumentException if the group size does not divide the ranks
   */
  public static long sentBytes(RoutedRows routed, int rank, int groupSize, int hidden) {
    ExpertPlacement placement = routed.placement();
    checkGroupSize(placement, groupSize);
    long rows = 0;
    for (int from = 0; from < placement.ranks(); from++) {
      for (int to = 0; to < placement.ranks(); to++) {
        int via = from - from % groupSize + to % groupSize;
        boolean firstIsMine = from != via && (rank == from || rank == via);
        boolean secondIsMine = via != to && (rank == via || rank == to);
        rows += routed.between(from, to) * ((firstIsMine ? 1 : 0) + (secondIsMine ? 1 : 0));
      }
    }
    return Float.BYTES * rows * hidden + countBytes(placement, groupSize);
  }

  private static long countBytes(ExpertPlacement placement, int groupSize) {
    int nodes = placement.ranks() / groupSize;
    return RowExchange.countBytes(groupSize, nodes * placement.slots())
        + RowExchange.countBytes(nodes, groupSize * placement.slots());
  }

  /** The mean of {@link #sentBytes} where tokens choose uniformly, and every rank has as many. */
  public static double expectedBytes(
      ExpertPlacement placement, long tokens, int topK, int groupSize, int hidden) {
    checkGroupSize(placement, groupSize);
    double sends =
        RoutedRows.expectedRemoteCopies(topK, groupSize)
            + RoutedRows.expectedRemoteCopies(topK, placement.ranks() / groupSize);
    return 2 * Float.BYTES * tokens * sends * hidden + countBytes(placement, groupSize);
  }
}
