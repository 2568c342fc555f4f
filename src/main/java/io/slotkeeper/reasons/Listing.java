package io.slotkeeper.reasons;

import java.util.List;

/** Names in a message: some of them, and a count of the rest, however many there are. */
public final class Listing {

  private Listing() {}

  /**
   * "a, b and 4 more".
   *
   * @param most how many are named
   */
  public static String of(List<String> names, int most) {
    int more = names.size() - most;
    String named = String.join(", ", names.stream().limit(most).toList());
    return more > 0 ? named + " and " + more + " more" : named;
  }
}
