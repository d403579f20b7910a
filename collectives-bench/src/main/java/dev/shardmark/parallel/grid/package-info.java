/**
 * Every axis at once: a layer for each rank of any {@link dev.shardmark.model.ShardPlan}.
 *
 * <p>Axes do not know each other. A grid is tensor shards, an exchange between them, a ring of
 * context ranks below the heads of each, experts dealt over the ranks of a stage, replicas and
 * stages, each in a group of its own: {@link dev.shardmark.parallel.grid.GridLayers} puts them
 * together, and {@link dev.shardmark.parallel.grid.GridTraffic} adds up what they say.
 *
 * <ul>
 *   <li>3D: tensor x pipeline x data (D. Narayanan et al., arXiv 2104.04473);
 *   <li>TED: tensor x expert x data (S. Singh et al., arXiv 2303.06318);
 *   <li>4D, 5D: these with stages, and with parts of sequences;
 *   <li>folding: experts over other ranks than attention has (D. Liu et al., arXiv 2504.14960).
 * </ul>
 */
package dev.shardmark.parallel.grid;
