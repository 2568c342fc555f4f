package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.ReservedSettings;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The other names of settings, as real servers have them. */
@EachServerVersion
record SettingNamesServersTest(String version) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** To change them would cut the test off, or change others that are settings of their own. */
  private static final List<String> LEFT = List.of("bind", "port", "requirepass", "maxclients");

  private static final Pattern VALUES = Pattern.compile("one of the following: (.*)");

  /** What is the same setting changes together. */
  @Test
  void twoNamesThatChangeTogetherAreAliases() {
    SortedMap<String, String> found = new TreeMap<>();
    try (var servers = new RedisServers(version, null);
        var nodes =
            new LettuceNodes(DEADLINE, DEADLINE, Duration.ofMinutes(1), InstantSource.system())) {
      RedisNode node = nodes.at(servers.start("save \"\"", "appendonly no").endpoint());
      Map<String, String> all = node.getConfig(List.of("*"));
      for (String name : new TreeSet<>(all.keySet())) {
        Map<String, String> before = node.getConfig(List.of("*"));
        if (!LEFT.contains(name) && change(node, name, before.getOrDefault(name, ""))) {
          node.getConfig(List.of("*"))
              .forEach((other, value) -> {
                if (!other.equals(name) && !value.equals(before.get(other))) {
                  found.put(name, other);
                }
              });
          node.setConfig(Map.of(name, before.getOrDefault(name, "")));
        }
      }
      // Those that do not change while a server runs have names that tell.
      for (String name : all.keySet()) {
        String other = name.replace('-', '_');
        if (!other.equals(name) && all.containsKey(other)) {
          found.put(name, other);
        }
      }

      assertThat(found).hasSizeGreaterThan(30);
      assertThat(found)
          .allSatisfy((name, other) ->
              assertThat(SettingNames.canonical(name)).isEqualTo(SettingNames.canonical(other)));
      assertThat(SettingNames.ALIASES)
          .allSatisfy((alias, name) -> {
            if (all.containsKey(alias) && !alias.equals("slaveof")) {
              assertThat(found.containsKey(alias) || found.containsKey(name)).as(alias).isTrue();
              assertThat(all).containsKey(name);
            }
          });
    }
  }

  /** What gives a server other files, addresses, users or code. */
  @Test
  void whatOpensAServerIsReserved() {
    try (var servers = new RedisServers(version, null);
        var nodes =
            new LettuceNodes(DEADLINE, DEADLINE, Duration.ofMinutes(1), InstantSource.system())) {
      RedisNode node = nodes.at(servers.start().endpoint());
      assertThat(node.getConfig(List.of("*")).keySet())
          .filteredOn(name ->
              name.matches(
                  ".*(announce|auth|user$|port$|bind|socket$|file$|dir$|dirname|enable-).*"))
          .filteredOn(name -> !ReservedSettings.contains(name))
          .allMatch("replica-announced"::equals); // for Sentinel alone
    }
  }

  private static boolean change(RedisNode node, String name, String value) {
    List<String> candidates = new ArrayList<>();
    if (value.matches("-?\\d+")) {
      long number = Long.parseLong(value);
      candidates.addAll(
          List.of(
              Long.toString(number + 1),
              Long.toString(number - 1),
              Long.toString(number * 2 + 4096),
              "50"));
    } else {
      candidates.addAll(List.of(value.equals("yes") ? "no" : "yes", "1 2 3 4 5 6"));
    }
    for (int i = 0; i < candidates.size(); i++) {
      try {
        node.setConfig(Map.of(name, candidates.get(i)));
        return true;
      } catch (RedisErrorException e) {
        Matcher values = VALUES.matcher(String.valueOf(e.getMessage()));
        if (i < 10 && values.find()) {
          for (String one : values.group(1).split("[, ]+", -1)) {
            if (!one.isBlank() && !one.equals(value)) {
              candidates.add(one);
            }
          }
        }
      }
    }
    return false;
  }
}
