/** Drives JMH: a planned row in, a checked row of results out, kept at once. */
package dev.shardmark.jmh.run;
