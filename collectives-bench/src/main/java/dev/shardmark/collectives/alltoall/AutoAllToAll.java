package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * All-to-all by the algorithm that suits the size; all-to-all-v, whose sizes no rank knows of the
 * others, always by the one for the longest calls.
 *
 * <p><b>Cost, Source</b> those of the algorithm chosen, which differ from size to size.
 */
public final class AutoAllToAll implements AllToAll {
  private final BySize<AllToAll> bySize;

  /** Chooses by S. */
  public AutoAllToAll(BySize<AllToAll> bySize) {
    this.bySize = bySize;
  }

  @Override
  public String parameter() {
    return BySize.AUTO;
  }

  @Override
  public boolean needsSharedMemory() {
    return bySize.needsSharedMemory();
  }

  @Override
  public void run(Rank rank, Blocks in, Blocks out) {
    AllToAll chosen =
        in.areChunks() ? bySize.of((long) in.data().bytesEach() * in.total()) : bySize.largest();
    chosen.run(rank, in, out);
  }

  /** Of all-to-all where every rank sends the chunks of one length, else of all-to-all-v. */
  @Override
  public Traffic traffic(int[][] lengths) {
    int total = Arrays.stream(lengths[0]).sum();
    int[] chunks =
        IntStream.range(0, lengths.length)
            .map(rank -> Chunks.length(total, rank, lengths.length))
            .toArray();
    boolean areChunks = Arrays.stream(lengths).allMatch(row -> Arrays.equals(row, chunks));
    AllToAll chosen = areChunks ? bySize.of((long) Float.BYTES * total) : bySize.largest();
    return chosen.traffic(lengths);
  }
}
