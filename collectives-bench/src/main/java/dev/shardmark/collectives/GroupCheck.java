package dev.shardmark.collectives;

import java.util.Locale;

/**
 * Lets all ranks of a group make a call with known operands, and then look at what it left. Every
 * process of the group comes to the same verdict.
 */
public final class GroupCheck {
  /** Letters of what a rank found, as it is told to other processes. */
  private static final int LETTERS = 256;

  private final Group group;
  private final String what;

  /**
   * A check of one operation.
   *
   * @param size lengths, reduction and root, for the message
   */
  public GroupCheck(Group group, Operation operation, String size) {
    this.group = group;
    what =
        String.format(
            Locale.ROOT,
            "%s %s ranks=%d %s",
            operation.parameter(),
            group.algorithm(operation),
            group.size(),
            size);
  }

  /** One rank's part. */
  @FunctionalInterface
  public interface Part {
    /** Makes the call, and returns what verifies this rank's buffers once all ranks are done. */
    Runnable run(Communicator rank);
  }

  /**
   * Returns if the buffers of all ranks hold what they should.
   *
   * @throws IllegalStateException naming the first rank and element that is wrong, if not
   */
  public void verify(Part part) {
    Runnable[] verifications = new Runnable[group.size()]; // none for ranks of other processes
    group.each(rank -> verifications[rank.rank()] = part.run(rank));
    double[] wrong = new double[group.size()];
    String[] words = new String[group.size()];
    for (int rank = 0; rank < wrong.length; rank++) {
      try {
        if (verifications[rank] != null) {
          verifications[rank].run();
        }
      } catch (WrongElementsException e) {
        wrong[rank] = e.elements();
        words[rank] = e.getMessage();
      }
    }
    group.sum(wrong);
    throwIfAny(wrong, words);
  }

  private void throwIfAny(double[] wrong, String[] words) {
    double all = 0;
    int first = wrong.length;
    for (int rank = wrong.length - 1; rank >= 0; rank--) {
      all += wrong[rank];
      first = wrong[rank] > 0 ? rank : first;
    }
    if (first < wrong.length) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s rank=%d: %s; %.0f elements are wrong on all ranks",
              what,
              first,
              tell(words[first]),
              all));
    }
  }

  /** Words, or null where another process has them, as that process knows them. */
  private String tell(String words) {
    double[] letters = new double[LETTERS];
    for (int i = 0; words != null && i < Math.min(LETTERS, words.length()); i++) {
      letters[i] = words.charAt(i);
    }
    group.max(letters);
    StringBuilder told = new StringBuilder();
    for (int i = 0; i < LETTERS && letters[i] > 0; i++) {
      told.append((char) letters[i]);
    }
    return told.toString();
  }
}
