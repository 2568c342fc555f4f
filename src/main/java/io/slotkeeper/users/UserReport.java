package io.slotkeeper.users;

import java.util.Optional;

/**
 * What a pass over a Redis found out about one of its RedisUsers.
 *
 * @param basis that of the {@link UserWish}
 * @param rival the older RedisUser that has the username
 * @param rules what became of its rules
 * @param words why the rules are not taken; empty where they are
 * @param served the servers are to have the user as it is wanted now
 * @param applied how many servers have it so
 * @param servers how many there are
 */
public record UserReport(
    String basis,
    Optional<String> rival,
    Rules rules,
    String words,
    boolean served,
    int applied,
    int servers) {

  /** What became of rules. */
  public enum Rules {
    ACCEPTED,
    REFUSED,
    /** No server has answered yet. */
    UNTRIED
  }

  public UserReport withServers(int has, int all) {
    return new UserReport(basis, rival, rules, words, served, has, all);
  }

  @Override
  public String toString() {
    return rules + " " + applied + "/" + servers; // not the hash
  }
}
