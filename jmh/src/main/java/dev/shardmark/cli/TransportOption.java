package dev.shardmark.cli;

import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.channel.Links;
import picocli.CommandLine.Option;

/** How data gets from rank to rank of this process, as a command line says it. */
final class TransportOption {
  @Option(
      names = "--transport",
      paramLabel = "NAME",
      defaultValue = "shared",
      description = "shared, copying or emulated (default: shared).")
  private String transport;

  @Option(
      names = "--links",
      paramLabel = "N;LINK;LINK",
      description =
          "Ranks of a node, the link inside, the link between: 2;1000ns,10GB/s;20000ns,1GB/s.")
  private String links;

  /**
   * The transport.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none such
   */
  Transport get() {
    if ("emulated".equals(transport) != (links != null)) {
      throw new IllegalArgumentException(
          "links must be given with the transport emulated, and with no other: transport="
              + transport
              + " links="
              + links);
    }
    return switch (transport) {
      case "shared" -> Transport.SHARED;
      case "copying" -> Transport.COPYING;
      case "emulated" -> Transport.emulated(Links.of(links));
      default ->
          throw new IllegalArgumentException(
              "transport must be shared, copying or emulated: transport=" + transport);
    };
  }
}
