package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.Traffic;
import java.util.Optional;

/**
 * One size of a sweep.
 *
 * @param operation in the words of nccl-tests
 * @param algorithm that ran it
 * @param transport how data got from rank to rank
 * @param ranks in the group
 * @param bytes S, rounded as {@link Exercise#count} says
 * @param count elements of S
 * @param reduction or an empty text
 * @param root or -1
 * @param traffic of one call, by formula
 * @param wrong what was found wrong, if anything was; nothing is timed then
 * @param outOfPlace empty if there is no such call
 * @param inPlace empty if there is no such call
 */
public record SweepPoint(
    String operation,
    String algorithm,
    String transport,
    int ranks,
    long bytes,
    int count,
    String reduction,
    int root,
    Traffic traffic,
    Optional<String> wrong,
    Optional<Timing> outOfPlace,
    Optional<Timing> inPlace) {
  /** The times that algorithms are compared by: in place, where there is such a call. */
  public Optional<Timing> timing() {
    return inPlace.or(() -> outOfPlace);
  }
}
