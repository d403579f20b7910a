/** Which rows a run measures, and what each of them does at least. */
package dev.shardmark.jmh.plan;
