package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Links;
import java.util.Optional;

/**
 * How data gets from rank to rank.
 *
 * <p><b>Shared</b> ranks read, and where an algorithm says so write, each other's buffers: threads
 * of one process can do no better. <b>Copying</b> each message is copied once into a channel and
 * read there, as between memories that are separate; algorithms that need windows on the buffers of
 * others do not run. <b>Emulated</b> copying, and a message arrives no earlier than the {@link
 * Links} allow.
 */
public final class Transport {
  /** Buffers are read where they are. */
  public static final Transport SHARED = new Transport(false, null);

  /** Messages are copied once. */
  public static final Transport COPYING = new Transport(true, null);

  private final boolean copies;
  private final Links links;

  private Transport(boolean copies, Links links) {
    this.copies = copies;
    this.links = links;
  }

  /** Copying over links that are slower than memory. */
  public static Transport emulated(Links links) {
    return new Transport(true, links);
  }

  /** Whether messages are copied; else ranks share memory. */
  public boolean copies() {
    return copies;
  }

  /** The links, if they are emulated. */
  public Optional<Links> links() {
    return Optional.ofNullable(links);
  }

  /** The name in rows and on the command line, with the links where they are emulated. */
  public String parameter() {
    return links != null ? "emulated(" + links.parameter() + ")" : copies ? "copying" : "shared";
  }
}
