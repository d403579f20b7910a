/**
 * Native libraries to be compared with, through the foreign-function interface. All are optional:
 * what is not found is said, and never replaced by something else.
 */
package dev.shardmark.kernels.peer;
