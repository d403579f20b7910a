/**
 * The context axis of attention: ranks that hold some tokens of each sequence, or some of each
 * cache. Letters as in {@link dev.shardmark.parallel}, and s tokens of a sequence, g = a / k query
 * heads for each key head, n ranks of a group where they are not all those of the axis.
 *
 * <p>Prompts: {@link dev.shardmark.parallel.context.Placement} says who holds which tokens. A query
 * needs all keys before it, and there are four ways to get at them:
 *
 * <ul>
 *   <li>{@link dev.shardmark.parallel.context.RingCore}: keys go round, partial results are merged;
 *   <li>{@link dev.shardmark.parallel.context.AllGatherCore}: everyone gets all keys at once;
 *   <li>{@link dev.shardmark.parallel.context.UlyssesCore}: tokens are exchanged for heads;
 *   <li>{@link dev.shardmark.parallel.context.HybridCore}: tokens for heads in groups, and keys
 *       round among groups.
 * </ul>
 *
 * <p>A ring sends {@code 2 s k d (c - 1) / c} elements a rank, as an all-gather does, and Ulysses
 * {@code (2 + 2 / g) s a d (n - 1) / n^2}: fewer only from more than g + 1 ranks on.
 *
 * <p>Decode, by what ranks divide of the caches:
 *
 * <ul>
 *   <li>heads: a rank has the caches of its own heads and nothing to say; any core over a cache of
 *       whole sequences does that;
 *   <li>tokens: {@link dev.shardmark.parallel.context.SequenceCacheCore} or, where all ranks have
 *       the same new tokens, {@link dev.shardmark.parallel.context.ReplicatedQueryCore}, over a
 *       {@link dev.shardmark.parallel.context.StripedCache};
 *   <li>sequences: {@link dev.shardmark.parallel.context.BatchCacheCore}.
 * </ul>
 *
 * <p>Rotary embedding comes before a core, with {@code Placement.positions} of the rank's tokens.
 * Each class has a formula of what a rank sends, {@code sentBytes}, which takes the algorithm of a
 * collective where that decides who of two ranks is charged.
 */
package dev.shardmark.parallel.context;
