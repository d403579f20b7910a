/**
 * Runs on disk. {@link dev.shardmark.results.store.RunFile} reads them and adds to them, {@link
 * dev.shardmark.results.store.Replacement} is why no crash leaves half a document.
 */
package dev.shardmark.results.store;
