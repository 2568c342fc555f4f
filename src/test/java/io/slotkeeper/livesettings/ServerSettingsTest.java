package io.slotkeeper.livesettings;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.livesettings.ServerSettings.Given;
import io.slotkeeper.livesettings.ServerSettings.Verdict;
import io.slotkeeper.plan.Action.SetConfig.Trigger;
import io.slotkeeper.redis.ServerConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
  private static final Map<String, String> LRU =
      Map.of("maxmemory", "200", "maxmemory-policy", "allkeys-lru");

  private static Verdict verdict(
      String setting, String wanted, Map<String, String> has, Map<String, Given> given, long used) {
    return new ServerSettings(
            Map.of(setting, wanted), new ServerConfig("run", "", has), given, used)
        .verdicts()
        .values()
        .iterator()
        .next();
  }

  private static Verdict verdict(String wanted, String has) {
    return verdict("x", wanted, Map.of("x", has), Map.of(), 0);
  }

  @Test
  void aValueIsComparedByWhatItMeans() {
    assertThat(verdict("64mb", "67108864")).isEqualTo(new Verdict.InForce());
    assertThat(verdict("1k", "1000")).isEqualTo(new Verdict.InForce());
    assertThat(verdict("YES", "yes")).isEqualTo(new Verdict.InForce());
    assertThat(verdict("a  b", "a b")).isEqualTo(new Verdict.InForce());
    assertThat(verdict("512Mi", "0")).isEqualTo(new Verdict.Give("512Mi", "0", Trigger.FOUND));
  }

  @Test
  void whatAServerCallsItIsTheSame() {
    Map<String, String> has = Map.of("x", "normal 0 0 0 slave 1 1 1");
    Map<String, Given> given = Map.of("x", new Given("replica 1 1 1", "normal 0 0 0 slave 1 1 1"));

    assertThat(verdict("x", "replica 1 1 1", has, given, 0)).isEqualTo(new Verdict.InForce());
    assertThat(verdict("x", "replica 2 1 1", has, given, 0))
        .isEqualTo(new Verdict.Give("replica 2 1 1", has.get("x"), Trigger.CHANGED));
    assertThat(verdict("x", "replica 1 1 1", Map.of("x", "other"), given, 0))
        .isEqualTo(new Verdict.Give("replica 1 1 1", "other", Trigger.RESTORED));
  }

  @Test
  void whatTheServerDoesNotKnowItIsAskedFor() {
    assertThat(verdict("x", "1", Map.of(), Map.of(), 0))
        .isEqualTo(new Verdict.Give("1", null, Trigger.FOUND));
  }

  @Test
  void nothingIsUndoneThatEvictsKeys() {
    Map<String, Given> given = Map.of("maxmemory", new Given("100", "100"));

    assertThat(verdict("maxmemory", "100", LRU, given, 150)).isEqualTo(new Verdict.Keep("200"));
    assertThat(verdict("maxmemory", "100", LRU, Map.of(), 150)).isEqualTo(new Verdict.Keep("200"));
    assertThat(verdict("maxmemory", "100", LRU, given, 50))
        .isEqualTo(new Verdict.Give("100", "200", Trigger.RESTORED));
    assertThat(verdict("maxmemory", "90", LRU, given, 150))
        .isEqualTo(new Verdict.Give("90", "200", Trigger.CHANGED));
    // Having been kept does not make it a value that it was given.
    assertThat(verdict("maxmemory", "100", LRU, Map.of("maxmemory", new Given("100", null)), 150))
        .isEqualTo(new Verdict.Keep("200"));
  }

  @Test
  void aPolicyThatEvictsIsAsDangerous() {
    Map<String, String> has = Map.of("maxmemory", "100", "maxmemory-policy", "noeviction");

    assertThat(verdict("maxmemory-policy", "allkeys-lru", has, Map.of(), 101))
        .isEqualTo(new Verdict.Keep("noeviction"));
    assertThat(verdict("maxmemory-policy", "allkeys-lru", has, Map.of(), 99))
        .isInstanceOf(Verdict.Give.class);
    assertThat(verdict("maxmemory", "50", has, Map.of(), 101)).isInstanceOf(Verdict.Give.class);
    assertThat(verdict("maxmemory", "0", LRU, Map.of(), 1000)).isInstanceOf(Verdict.Give.class);
  }
}
