/**
 * How threads hand over buffers: {@link dev.shardmark.collectives.channel.Slots} say that something
 * happened, a {@link dev.shardmark.collectives.channel.Waiter} waits for it as its {@link
 * dev.shardmark.collectives.channel.WaitStrategy} says, and a {@link
 * dev.shardmark.collectives.channel.Channel} lends a buffer from one thread to another.
 */
package dev.shardmark.collectives.channel;
