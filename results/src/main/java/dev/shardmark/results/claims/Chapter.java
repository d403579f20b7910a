package dev.shardmark.results.claims;

import java.util.List;
import java.util.Objects;

/**
 * The claims of one part of the post.
 *
 * @param title what the part is about
 * @param claims in the order of the post
 */
public record Chapter(String title, List<Claim> claims) {
  public Chapter {
    Objects.requireNonNull(title, "title");
    claims = List.copyOf(Objects.requireNonNull(claims, "claims"));
  }
}
