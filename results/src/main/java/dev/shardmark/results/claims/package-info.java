/**
 * Statements of a public post on parallelism in language models as data, each with the rule that
 * turns rows into a verdict.
 *
 * <p>{@link dev.shardmark.results.claims.ClaimsJson} reads the {@link
 * dev.shardmark.results.claims.Chapter}s of {@link dev.shardmark.results.claims.Claim}s. A {@link
 * dev.shardmark.results.claims.Rule} is {@link dev.shardmark.results.claims.Cases} that figures of
 * rows hold or fail, or says why there is none yet. {@link dev.shardmark.results.claims.Ledger}
 * decides all of them from the rows of a run and the {@link dev.shardmark.results.claims.Fact}s of
 * published configurations, and {@link dev.shardmark.results.claims.LedgerTable} writes the {@link
 * dev.shardmark.results.claims.Decision}s for people.
 *
 * <p>A verdict is never data: what is missing, failed, unchecked or no number leaves a claim
 * undecided, and the forks of a row must agree on which side of a bound they are.
 */
package dev.shardmark.results.claims;
