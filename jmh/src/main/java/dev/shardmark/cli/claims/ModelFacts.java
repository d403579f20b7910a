package dev.shardmark.cli.claims;

import dev.shardmark.model.DenseMlp;
import dev.shardmark.model.FeedForwardConfig;
import dev.shardmark.model.GroupedQueryAttention;
import dev.shardmark.model.LatentAttention;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.Models;

/** Sizes of the published models. */
final class ModelFacts {
  static final int BF16_BYTES = 2;

  /** A reference point that claims are held against: what one H100 computes at most, in bf16. */
  private static final double PEAK_FLOPS = 989e12;

  /** The rate the post opens with, 8 million tokens a second over 1024 devices. */
  private static final double TOKENS_PER_SECOND = 8e6 / 1024;

  private ModelFacts() {}

  static void add(FactList facts) {
    for (ModelConfig model : Models.all()) {
      facts.add("Model.layers", model.layers(), "layers", "model", model.id());
      facts.add("Model.tied", model.tiedEmbeddings() ? 1 : 0, "", "model", model.id());
      for (int bits : new int[] {4, 16}) {
        double gb = model.parameters() * (bits / 8.0) / 1e9;
        facts.add("Model.weightGB", gb, "GB", "model", model.id(), "bits", bits);
      }
      embeddings(facts, model);
      cache(facts, model);
      experts(facts, model);
      rate(facts, model);
    }
  }

  private static void embeddings(FactList facts, ModelConfig model) {
    double head = (double) model.vocabulary() * model.hidden();
    boolean tied = model.tiedEmbeddings();
    double met = model.activeParameters() - (tied ? 0 : head);
    double untied = model.parameters() + (tied ? head : 0);
    facts.add("Model.lmHeadShare", 100 * head / met, "%", "model", model.id());
    facts.add("Model.tyingSaving", 100 * head / untied, "%", "model", model.id());
  }

  /** The formula is that of grouped queries: 2 n_kv d_head elements. */
  private static void cache(FactList facts, ModelConfig model) {
    double ofWeights = (double) BF16_BYTES * model.parameters() / model.kvBytesPerToken(BF16_BYTES);
    facts.add("Model.kvTokensOfWeights", ofWeights, "tokens", "model", model.id());
    double formula =
        2.0
            * BF16_BYTES
            * switch (model.attention()) {
              case GroupedQueryAttention grouped -> grouped.kvHeads() * grouped.headDim();
              case LatentAttention latent -> latent.heads() * latent.valueDim();
            };
    double over = model.kvBytesPerTokenAndLayer(BF16_BYTES) / formula;
    facts.add("Kv.overFormula", over, "x", "model", model.id());
  }

  private static void experts(FactList facts, ModelConfig model) {
    FeedForwardConfig mlp = model.feedForward();
    if (mlp instanceof DenseMlp) {
      return;
    }
    double over = (double) model.parameters() / model.activeParameters();
    facts.add("Model.overActive", over, "x", "model", model.id());
    facts.add("Model.topOne", mlp.topK() == 1 ? 1 : 0, "", "model", model.id());
    facts.add("Model.activeExperts", 100.0 * mlp.topK() / mlp.experts(), "%", "model", model.id());
  }

  /** Training costs 6 flop a weight and token, a forward pass 2. */
  private static void rate(FactList facts, ModelConfig model) {
    double flops = TOKENS_PER_SECOND * model.activeParameters();
    String name = "Cluster.peakShare";
    facts.add(name, 600 * flops / PEAK_FLOPS, "%", "model", model.id(), "phase", "training");
    facts.add(name, 200 * flops / PEAK_FLOPS, "%", "model", model.id(), "phase", "prefill");
  }
}
