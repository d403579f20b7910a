package dev.shardmark.cli.collectives;

/** Who ran a collective, and what for. */
public enum Side {
  /** Ranks of this JVM, with the fastest algorithm of each size. */
  IN_PROCESS("in process"),
  /** The loop in C over MPI, in turn with {@link #IN_PROCESS}. */
  MPI("MPI in C"),
  /** Ranks of this JVM, with the direct all-reduce, in turn with the roof. */
  DIRECT("direct"),
  /** The MPI back-end in Java. */
  MPI_BACKEND("the MPI back-end"),
  /** The same MPI functions in C, in turn with {@link #MPI_BACKEND}. */
  MPI_SAME_CALLS("the same calls in C"),
  /** Ranks of this JVM, with the algorithms a group has unless told otherwise, as many as cores. */
  ROOMY("2 ranks"),
  /** The same with more ranks than cores. */
  CROWDED("8 ranks");

  private final String words;

  Side(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
