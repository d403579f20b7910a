/** What the numbers come from: machine, JVM, build. */
package dev.shardmark.jmh.environment;
