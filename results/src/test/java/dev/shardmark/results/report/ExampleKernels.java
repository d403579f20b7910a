package dev.shardmark.results.report;

import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A run of every kernel beside its peers, on a machine whose L1 and L2 are about as fast. */
final class ExampleKernels {
  private static final List<Roof> ROOFS =
      List.of(
          new Roof("fma", null, 1, 72.4, Roof.GFLOPS),
          new Roof("fma", null, 2, 128, Roof.GFLOPS),
          new Roof("triad", "L1", 1, 78.9, Roof.GBS),
          new Roof("triad", "L1", 2, 141, Roof.GBS),
          new Roof("triad", "L2", 1, 75.5, Roof.GBS),
          new Roof("triad", "L2", 2, 132, Roof.GBS),
          new Roof("triad", "L3", 1, 57.6, Roof.GBS),
          new Roof("triad", "L3", 2, 119, Roof.GBS),
          new Roof("read", "DRAM", 1, 23.2, Roof.GBS),
          new Roof("read", "DRAM", 2, 32.5, Roof.GBS));

  private final List<Row> rows = new ArrayList<>();

  private ExampleKernels() {}

  static Run run() {
    ExampleKernels example = new ExampleKernels();
    example.products();
    example.attention();
    example.rowsOfATensor();
    example.experts();
    example.tokens();
    example.sums();
    SortedMap<String, String> build = new TreeMap<>();
    build.put("git.commit", "97717e6");
    build.put("peer.netlib", "netlib 3.2.0, VectorBLAS");
    build.put("peer.onednn", "unavailable: libdnnl not found on the class path");
    build.put("peer.openblas", "OpenBLAS 0.3.31, kernels for Zen");
    Run full = Example.full();
    Fingerprint f = full.fingerprint();
    return new Run(
        Run.FORMAT,
        Run.SCHEMA_VERSION,
        full.id(),
        full.startedAt(),
        full.finishedAt(),
        full.request(),
        new Fingerprint(f.machine(), f.jvm(), build, f.context()),
        ROOFS,
        example.rows);
  }

  private void products() {
    long[][] shapes = {{512, 512, 512}, {2048, 2048, 2048}, {127, 511, 1023}, {512, 1792, 4096}};
    for (long[] s : shapes) {
      long m = s[0];
      long n = s[1];
      long k = s[2];
      long flop = 2 * m * n * k;
      long bytes = 4 * (m * k + k * n + m * n);
      String shape = "shape=" + m + "x" + n + "x" + k;
      String gemm = "GemmBenchmark.multiply " + shape;
      add(gemm + " variant=vector", flop, bytes, "L3", m == 127 ? 0.78 : 0.93);
      add(gemm + " variant=openblas", flop, bytes, "L3", m == 127 ? 0.83 : 0.9);
      if (m == 127) {
        add(gemm + " variant=scalar", flop, bytes, "L3", 0.031);
      }
    }
    for (long m : new long[] {1, 2, 16, 64}) {
      String shape = "shape=" + m + "x4096x4096";
      for (String weights : List.of("fp32", "bf16", "int8")) {
        long width = weights.equals("fp32") ? 4 : weights.equals("bf16") ? 2 : 1;
        String row = "PackedGemmBenchmark.multiply " + shape + " weights=" + weights;
        long flop = 2 * m * 4096 * 4096;
        long bytes = width * 4096 * 4096 + 8 * m * 4096;
        add(row + " variant=vector", flop, bytes, "DRAM", m < 16 ? 0.9 : 0.81);
      }
    }
  }

  private void attention() {
    for (String shape : List.of("4x1x512x512x128", "4x1x512x4096x128", "3x1x127x511x100")) {
      String row = "AttentionPrefillBenchmark.attend causal=true shape=" + shape;
      long keys = Long.parseLong(shape.split("x")[3]);
      add(row + " variant=vector", 250_000 * keys, 1100 * keys, "L3", 0.71);
      add(row + " variant=scalar", 250_000 * keys, 1100 * keys, "L3", 0.05);
    }
    for (long keys : new long[] {4096, 8192, 16384, 32768, 65536}) {
      for (String cache : List.of("contiguous", "paged")) {
        for (String storage : List.of("fp32", "bf16")) {
          long bytes = 8 * 128 * keys * 2 * (storage.equals("fp32") ? 4 : 2);
          String how = " cache=" + cache + " storage=" + storage + " variant=vector";
          String shape = " causal=true shape=32x8x1x" + keys + "x128";
          double share = cache.equals("paged") ? 0.88 : 0.91;
          add("AttentionDecodeBenchmark.attend" + shape + how, 16_384 * keys, bytes, "DRAM", share);
        }
      }
    }
  }

  private void rowsOfATensor() {
    for (String shape : List.of("1x4096", "127x1023", "512x512", "512x4096")) {
      long elements = Long.parseLong(shape.split("x")[0]) * Long.parseLong(shape.split("x")[1]);
      String level = elements > 1_000_000 ? "L3" : elements > 100_000 ? "L2" : "L1";
      String tail = " shape=" + shape;
      own(
          "SoftmaxBenchmark.normalize algorithm=selected" + tail,
          5 * elements,
          8 * elements,
          level);
      String online = "SoftmaxBenchmark.normalize algorithm=online" + tail + " variant=vector";
      add(online, 5 * elements, 8 * elements, level, 0.2);
      for (String operation : List.of("rms", "add_rms", "layer")) {
        String norm = "NormBenchmark.normalize operation=" + operation + tail;
        own(norm, 4 * elements, 8 * elements, level);
      }
      for (String operation : List.of("swiglu", "gelu", "add")) {
        String activation = "ActivationBenchmark.apply operation=" + operation + tail;
        own(activation, 9 * elements, 12 * elements, level);
      }
      own("RopeBenchmark.rotate" + tail, 3 * elements, 9 * elements, level);
    }
  }

  private void experts() {
    for (int experts : new int[] {8, 32, 64, 128, 256}) {
      String row = "RouterBenchmark.route rule=topk-softmax shape=4096x" + experts + "x8";
      own(row, 4096L * experts, 4096L * (4L * experts + 64), "L2");
    }
    for (String skew : List.of("uniform", "zipf")) {
      String shape = " shape=512x128x8x2048 skew=" + skew + " variant=vector";
      add("PermuteBenchmark.move operation=permute" + shape, 0, 40_000_000, "DRAM", 0.63);
      add("PermuteBenchmark.move operation=combine" + shape, 8_000_000, 40_000_000, "DRAM", 0.68);
    }
  }

  private void tokens() {
    for (String shape : List.of("3x1003", "8x32000", "8x128256")) {
      long logits = Long.parseLong(shape.split("x")[0]) * Long.parseLong(shape.split("x")[1]);
      for (String sampler : List.of("greedy", "top-k", "top-p")) {
        String row = "SamplerBenchmark.sample sampler=" + sampler + " shape=" + shape;
        own(row, sampler.equals("greedy") ? logits : 3 * logits, 4 * logits, "L3");
      }
      own("CrossEntropyBenchmark.losses shape=" + shape, 4 * logits, 4 * logits, "L3");
    }
    for (long count : new long[] {1, 512, 8192}) {
      own("EmbeddingBenchmark.lookUp shape=" + count + "x32000x4096", 0, count * 32768, "DRAM");
      String append = "KvAppendBenchmark.append shape=" + count + "x8x128 storage=";
      own(append + "fp32", 0, count * 16384, "L2");
      own(append + "bf16", 0, count * 12288, "L2");
    }
  }

  private void sums() {
    for (long bytes : new long[] {4, 65536, 16777216}) {
      for (String algorithm : List.of("direct", "ring")) {
        String row = "AllReduceBenchmark.reduce ranks=2 bytes=" + bytes + " allreduce=" + algorithm;
        double us = (algorithm.equals("ring") ? 1.4 : 0.9) + bytes / 9e3;
        Workload work = new Workload(0, 0, "L3", 2, bytes);
        rows.add(Example.row("AllReduceBenchmark.reduce", parameters(row), work, us, ROOFS));
      }
    }
  }

  /** A row of ours and one of plain loops. */
  private void own(String name, long flop, long bytes, String level) {
    double share = 0.35 + Math.floorMod(name.hashCode(), 60) / 100.0;
    add(name + " variant=vector", flop, bytes, level, share);
    add(name + " variant=scalar", flop, bytes, level, share / (flop == 0 ? 1.1 : 7));
  }

  private void add(String name, long flop, long bytes, String level, double ofRoof) {
    Workload work = new Workload(flop, bytes, level, 1, 0);
    double us = Example.roofUs(work, ROOFS) / ofRoof;
    rows.add(Example.row(name.split(" ")[0], parameters(name), work, us, ROOFS));
  }

  private static SortedMap<String, String> parameters(String name) {
    SortedMap<String, String> parameters = new TreeMap<>();
    for (String parameter : name.substring(name.indexOf(' ') + 1).split(" ")) {
      int equals = parameter.indexOf('=');

      parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    return parameters;
  }
}
