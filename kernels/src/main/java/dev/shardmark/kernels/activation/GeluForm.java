package dev.shardmark.kernels.activation;

/** The two functions that models call GELU; they differ by up to 5e-4. */
public enum GeluForm {
  /** x Phi(x), with the error function. */
  EXACT,
  /** {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, as in GPT-2 and Gemma. */
  TANH
}
