package dev.shardmark.results.claims;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What decides a claim; in a file, its fields say which kind it is. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
  @JsonSubTypes.Type(Cases.class),
  @JsonSubTypes.Type(Lacking.class),
  @JsonSubTypes.Type(Cited.class)
})
public sealed interface Rule permits Cases, Lacking, Cited {
  /** What the sources say about the claim this is the rule of. */
  Decision decide(Claim claim, Sources sources);
}
