/**
 * The contract of {@link dev.shardmark.collectives.Communicator} over MPI, through the foreign
 * function interface: one process a rank, started by {@code mpirun}.
 */
package dev.shardmark.collectives.mpi;
