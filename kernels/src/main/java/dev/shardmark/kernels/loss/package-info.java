/**
 * The loss of a row of logits. Letters: x a row of logits over the vocabulary, y its target, m the
 * largest x, S the sum of e^(x - m), p ranks that share the vocabulary.
 *
 * <p>A loss is the negative logarithm of softmax at the target. It needs no probabilities: m, S and
 * the target's logit are enough, three numbers a row, and so are theirs from every rank.
 *
 * <p>Read {@link dev.shardmark.kernels.loss.CrossEntropy}, the contract; {@code Partials}, what
 * ranks exchange; {@code RowwiseCrossEntropy}, what both variants share; {@code ScalarCrossEntropy}
 * and {@code VectorCrossEntropy}. {@code CrossEntropyCheck} decides whether a result is right, by
 * the oracle of softmax.
 */
package dev.shardmark.kernels.loss;
