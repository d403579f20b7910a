package dev.shardmark.results.report;

import java.util.Optional;
import java.util.stream.Stream;

/** What a layer can be split along, and what that means in words. */
enum SplitAxis {
  TENSOR(
      Names.TENSOR,
      "Tensor",
      "Ranks share every matrix: each has some heads and some columns, and all tokens.",
      "heads, columns and rows of the layer’s matrices",
      "norms, the residual stream, and heads of keys and values where ranks are more",
      "nothing",
      "every rank to its whole group: sums after attention and after the MLP"),
  SEQUENCE(
      Names.SEQUENCE,
      "Sequence",
      "Tensor parallelism whose sums are scattered: between them a rank has its tokens alone.",
      "as tensor, and the tokens of norms and of the residual stream",
      "weights of the norms, and heads of keys and values where ranks are more",
      "nothing",
      "every rank to its whole group: tokens gathered before, sums scattered after"),
  EXPERT(
      Names.EXPERT,
      "Expert",
      "Ranks share the experts: a token’s row goes where the experts are that it chose.",
      "experts, and the tokens of a step",
      "attention, the router and shared experts",
      "nothing",
      "every rank to those whose experts its tokens chose, and back"),
  CONTEXT(
      Names.CONTEXT,
      "Context",
      "Ranks share the sequence: each has all weights, and keys and values of its tokens.",
      "tokens of a sequence, with their keys and values; no weights",
      "all weights of the layer",
      "in a ring, keys and values",
      "every rank to those whose tokens look at its own"),
  PIPELINE(
      Names.PIPELINE,
      "Pipeline",
      "Ranks share the layers: activations go from stage to stage, many requests in flight.",
      "layers, with their caches",
      "nothing",
      "requests, through as many stages as ranks",
      "every stage to the next, and answers back to the first"),
  DATA(
      Names.DATA,
      "Data",
      "Ranks share the requests: each has the whole model, and a cache of its own.",
      "requests, with their caches; no weights",
      "all weights",
      "nothing",
      "nobody to anybody, unless experts are shared");

  final String title;
  final String sentence;
  final String split;
  final String duplicated;
  final String pipelined;
  final String said;
  private final String name;

  SplitAxis(
      String name,
      String title,
      String sentence,
      String split,
      String duplicated,
      String pipelined,
      String said) {
    this.name = name;
    this.title = title;
    this.sentence = sentence;
    this.split = split;
    this.duplicated = duplicated;
    this.pipelined = pipelined;
    this.said = said;
  }

  /** The axis of a benchmark, empty for any other benchmark. */
  static Optional<SplitAxis> of(String benchmark) {
    return Stream.of(values()).filter(axis -> benchmark.equals(Names.AXIS + axis.name)).findFirst();
  }

  /** Where links to its page lead. */
  String id() {
    return "axes-" + name;
  }

  /** The class of its colour where axes are side by side. */
  String css() {
    return "f" + (this == DATA ? 6 : ordinal()); // the sixth colour is too near the first
  }

  Marker marker() {
    return Marker.of(ordinal());
  }
}
