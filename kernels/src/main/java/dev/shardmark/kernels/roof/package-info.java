/**
 * The loops that find this machine's ceilings: {@link dev.shardmark.kernels.roof.FmaLoop} for
 * arithmetic; {@link dev.shardmark.kernels.roof.ReadLoop}, {@link
 * dev.shardmark.kernels.roof.CopyLoop} and {@link dev.shardmark.kernels.roof.TriadLoop} for each
 * level of memory. All cores together are a loop per rank.
 */
package dev.shardmark.kernels.roof;
