package io.slotkeeper.livesettings;

import io.slotkeeper.plan.Action.SetConfig.Trigger;
import io.slotkeeper.redis.ConfigValue;
import io.slotkeeper.redis.EvictionSettings;
import io.slotkeeper.redis.ServerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which of the wanted settings one running server has, which it is to be given, and which it keeps
 * for now.
 *
 * @param wanted by name, without quotes; as {@code CONFIG SET} takes it
 * @param has the server's answer
 * @param given what this process was given before, and what it made of that
 * @param usedMemory bytes
 */
public record ServerSettings(
    Map<String, String> wanted, ServerConfig has, Map<String, Given> given, long usedMemory) {

  /**
   * @param wanted what the server was given
   * @param has what {@code CONFIG GET} returned after that: "64mb" is 67108864 to a server; null
   *     where it was not given after all
   */
  public record Given(String wanted, @Nullable String has) {}

  /** What is to be done about one setting. */
  public sealed interface Verdict {

    /** The server has it. */
    record InForce() implements Verdict {}

    /**
     * To be set.
     *
     * @param has what the server has now; null where it does not know the setting
     */
    record Give(String value, @Nullable String has, Trigger trigger) implements Verdict {}

    /** It may have been set by hand, and changing it back would delete keys. */
    record Keep(String has) implements Verdict {}
  }

  /** One for each wanted setting. */
  public SortedMap<String, Verdict> verdicts() {
    SortedMap<String, Verdict> verdicts = new TreeMap<>();
    wanted.forEach((name, value) -> verdicts.put(name, verdict(name, value)));
    return verdicts;
  }

  private Verdict verdict(String name, String value) {
    String now = has.values().get(name);
    Optional<Given> before = Optional.ofNullable(given.get(name));
    if (now == null) {
      return new Verdict.Give(value, null, Trigger.FOUND); // the server rejects it in its own words
    }
    boolean asBefore = before.filter(g -> g.wanted().equals(value)).isPresent();
    // The cheap check first: all settings of all servers are compared in each pass.
    if ((asBefore && now.equals(before.get().has())) || ConfigValue.same(now, value)) {
      return new Verdict.InForce();
    }
    Trigger trigger =
        before.isEmpty() ? Trigger.FOUND : asBefore ? Trigger.RESTORED : Trigger.CHANGED;
    return trigger != Trigger.CHANGED
            && EvictionSettings.threatens(name, value, has.values(), usedMemory)
        ? new Verdict.Keep(now)
        : new Verdict.Give(value, now, trigger);
  }
}
