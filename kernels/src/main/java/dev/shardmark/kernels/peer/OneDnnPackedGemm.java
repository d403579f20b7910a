package dev.shardmark.kernels.peer;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * {@code C = A B} of one shape by oneDNN's matmul primitive on one thread, with B packed beforehand
 * in the order that the primitive chose for this shape.
 *
 * <p>Primitives take no arrays of the heap: {@link #multiply} copies A in and C out, 8 (m k + m n)
 * bytes read and written for 2 m n k flop. With m = 1 and n = k = 4096 that is 64 KiB beside
 * weights of 64 MiB, a thousandth; with m = 64 it is 4 MiB beside 2.1 GFLOP, which at 10 GB/s and
 * 100 GFLOP/s is a fiftieth.
 */
public final class OneDnnPackedGemm {
  private final OneDnn library = OneDnn.here();
  private final Arena arena = Arena.ofAuto();
  private final int m;
  private final int n;
  private final int k;
  private final MemorySegment description;
  private final MemorySegment primitive;
  private final OneDnnMatrix a;
  private final OneDnnMatrix c;
  private final OneDnnArguments arguments;

  /**
   * A product of (m, k) by (k, n).
   *
   * @throws IllegalArgumentException unless all are at least 1
   * @throws PeerUnavailableException one sentence, if there is no library
   */
  public OneDnnPackedGemm(int m, int n, int k) {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException(
          "a packed product of oneDNN needs m, n, k >= 1: m=" + m + " n=" + n + " k=" + k);
    }
    this.m = m;
    this.n = n;
    this.k = k;
    try (Arena brief = Arena.ofConfined()) {
      MemorySegment rowsOfA = library.rowMajor(brief, m, k);
      MemorySegment rowsOfC = library.rowMajor(brief, m, n);
      description = library.matmul(arena, rowsOfA, library.anyOrder(brief, k, n), rowsOfC);
      a = new OneDnnMatrix(library, arena, rowsOfA);
      c = new OneDnnMatrix(library, arena, rowsOfC);
    }
    primitive = library.primitive(arena, description);
    arguments =
        new OneDnnArguments(
                arena, OneDnnArguments.SOURCE, OneDnnArguments.WEIGHTS, OneDnnArguments.DESTINATION)
            .with(OneDnnArguments.SOURCE, a)
            .with(OneDnnArguments.DESTINATION, c);
  }

  /** B, packed for one shape. */
  public static final class Weights {
    private final OneDnnPackedGemm owner;
    private final OneDnnMatrix packed;

    private Weights(OneDnnPackedGemm owner, OneDnnMatrix packed) {
      this.owner = owner;
      this.packed = packed;
    }
  }

  /**
   * A packed copy of op(b), for products of this instance.
   *
   * @throws IllegalArgumentException if op(b) is not (k, n)
   */
  public Weights pack(Op op, Matrix b) {
    checkShape("op(B)", op.rows(b), op.cols(b), k, n);
    OneDnnMatrix packed = new OneDnnMatrix(library, Arena.ofAuto(), library.weights(description));
    try (Arena brief = Arena.ofConfined()) {
      MemorySegment from =
          op == Op.PLAIN ? library.rowMajor(brief, k, n) : library.columnMajor(brief, k, n);
      OneDnnMatrix plain = new OneDnnMatrix(library, brief, from);
      plain.load(b);
      MemorySegment reorder = library.reorder(brief, from, library.weights(description));
      library.execute(
          library.primitive(brief, reorder),
          new OneDnnArguments(brief, OneDnnArguments.SOURCE, OneDnnArguments.DESTINATION)
              .with(OneDnnArguments.SOURCE, plain)
              .with(OneDnnArguments.DESTINATION, packed));
    }
    return new Weights(this, packed);
  }

  /**
   * Multiplies; C is written but never read.
   *
   * @throws IllegalArgumentException if the shapes disagree or the weights are another instance's
   */
  public void multiply(Matrix a, Weights b, Matrix c) {
    checkShape("A", a.rows(), a.cols(), m, k);
    checkShape("C", c.rows(), c.cols(), m, n);
    if (b.owner != this) {
      throw new IllegalArgumentException("weights must be packed by the instance that multiplies");
    }
    this.a.load(a);
    library.execute(primitive, arguments.with(OneDnnArguments.WEIGHTS, b.packed));
    Reference.reachabilityFence(b); // the arguments hold an address alone
    this.c.store(c);
  }

  private static void checkShape(String name, int rows, int cols, int needRows, int needCols) {
    if (rows != needRows || cols != needCols) {
      throw new IllegalArgumentException(
          name + " must be " + needRows + "x" + needCols + ": " + name + "=" + rows + "x" + cols);
    }
  }
}
