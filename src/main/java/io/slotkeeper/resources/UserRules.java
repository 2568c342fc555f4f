package io.slotkeeper.resources;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * The rules of a RedisUser as words of the ACL language. What they mean is for a server to say; but
 * what decides who may log in comes from other fields, and a rule must not bring it.
 */
public final class UserRules {
  private static final String SPACES = " \t\r\n";

  /** Words that are about the login, in lower case. */
  private static final Set<String> LOGIN = Set.of("on", "off", "nopass", "reset", "resetpass");

  /** Begin a password, a hash, or the removal of one. */
  private static final String PASSWORDS = "><#!";

  private UserRules() {}

  /**
   * @throws InvalidConfigurationException with the rule, and what to do
   */
  public static List<String> words(List<String> rules) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      StringTokenizer tokens = new StringTokenizer(rules.get(i), SPACES);
      while (tokens.hasMoreTokens()) {
        String word = tokens.nextToken();
        check("spec.rules[" + i + "]", word);
        words.add(word);
      }
    }
    return List.copyOf(words);
  }

  private static void check(String field, String word) {
    if (word.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidConfigurationException(
          field + " has a control character, which no server takes. Remove it.");
    }
    // A selector is in parentheses.
    String bare = word.replaceFirst("^[(]+", "").replaceFirst("[)]+$", "");
    if (!bare.isEmpty() && PASSWORDS.indexOf(bare.charAt(0)) >= 0) {
      throw new InvalidConfigurationException(
          field
              + " is about a password, and passwords belong into a Secret. Remove it, and name the Secret in spec.secretRef.");
    }
    if (LOGIN.contains(bare.toLowerCase(Locale.ROOT))) {
      throw new InvalidConfigurationException(
          "%s is '%s', which decides who may log in. Remove it; spec.suspended keeps the user out."
              .formatted(field, bare.toLowerCase(Locale.ROOT)));
    }
  }
}
