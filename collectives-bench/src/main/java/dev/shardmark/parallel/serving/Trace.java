package dev.shardmark.parallel.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Requests in the order of their arrival.
 *
 * @throws IllegalArgumentException if a request is not in its place
 */
public record Trace(List<Request> requests) {
  public Trace {
    requests = List.copyOf(requests);
    for (int i = 0; i < requests.size(); i++) {
      int before = i == 0 ? 0 : requests.get(i - 1).arrival();
      if (requests.get(i).id() != i || requests.get(i).arrival() < before) {
        throw new IllegalArgumentException(
            "requests must be numbered in the order of their arrival: place="
                + i
                + " "
                + requests.get(i));
      }
    }
  }

  /**
   * Requests of random lengths, 1 to the most, a random number of iterations apart.
   *
   * @param mostApart of two arrivals; 0 if all are there at the start
   */
  public static Trace random(
      long seed, int requests, int mostApart, int mostPrompt, int mostOutput) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Request> list = new ArrayList<>();
    int arrival = 0;
    for (int i = 0; i < requests; i++) {
      int prompt = 1 + random.nextInt(mostPrompt);
      list.add(new Request(i, arrival, prompt, 1 + random.nextInt(mostOutput)));
      arrival += random.nextInt(mostApart + 1);
    }
    return new Trace(list);
  }

  /** Tokens to be said. */
  public long outputTokens() {
    return requests.stream().mapToLong(Request::outputTokens).sum();
  }

  /** Tokens of cache that the longest request needs. */
  public int mostCachedTokens() {
    return requests.stream().mapToInt(Request::cachedTokens).max().orElse(0);
  }

  /**
   * The utilisation of static batches, by formula, if all requests are there at the start: the mean
   * length over the longest, batch by batch.
   */
  public double staticUtilisation(int slots) {
    long iterations = 0;
    for (int first = 0; first < requests.size(); first += slots) {
      int end = Math.min(requests.size(), first + slots);
      iterations +=
          requests.subList(first, end).stream().mapToInt(Request::outputTokens).max().orElse(0);
    }
    return (double) outputTokens() / (iterations * slots);
  }
}
