package dev.shardmark.collectives;

/** What every rank of a group runs. */
@FunctionalInterface
public interface RankBody {
  void run(Rank rank) throws Exception;
}
