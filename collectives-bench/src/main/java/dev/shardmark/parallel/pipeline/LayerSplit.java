package dev.shardmark.parallel.pipeline;

import dev.shardmark.collectives.Chunks;

/**
 * Which layers a rank of a pipeline holds.
 *
 * <p>Layers are cut into {@code ranks * chunks} runs that differ by at most one layer; run i is
 * chunk {@code i / ranks} of rank {@code i % ranks}. With one chunk a rank's layers are contiguous.
 *
 * @param chunks v, runs of layers that each rank holds
 * @throws IllegalArgumentException if a run would have no layer
 */
public record LayerSplit(int layers, int ranks, int chunks) {
  public LayerSplit {
    if (ranks < 1 || chunks < 1) {
      throw new IllegalArgumentException(
          "a pipeline must have a rank, and a rank a chunk: ranks=" + ranks + " chunks=" + chunks);
    }
    if ((long) ranks * chunks > layers) {
      throw new IllegalArgumentException(
          "a pipeline must not be deeper than its layers: ranks="
              + ranks
              + " chunks="
              + chunks
              + " layers="
              + layers);
    }
  }

  /** The first layer of a rank's chunk. */
  public int first(int rank, int chunk) {
    return Chunks.start(layers, chunk * ranks + rank, ranks * chunks);
  }

  /** Layers of a rank's chunk. */
  public int count(int rank, int chunk) {
    return Chunks.length(layers, chunk * ranks + rank, ranks * chunks);
  }
}
