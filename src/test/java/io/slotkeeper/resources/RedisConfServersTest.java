package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.lettuce.LettuceNodes;
import io.slotkeeper.testing.EachServerVersion;
import io.slotkeeper.testing.RedisServer;
import io.slotkeeper.testing.RedisServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Lines of redis.conf, generated: what {@link Arguments} and {@link RedisConf} read is what a real
 * server reads. {@code -Dconf.files} says how many files of each kind are tried, and {@code
 * -Dconf.seed} which.
 */
@EachServerVersion
record RedisConfServersTest(String version) {
  private static final int FILES = Integer.getInteger("conf.files", 15);
  private static final int SEED = Integer.getInteger("conf.seed", 1);
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Settings that take any text; those of TLS are not looked at while there is no TLS port. */
  private static final List<String> FREE =
      List.of(
          "syslog-ident",
          "masteruser",
          "tls-cert-file",
          "tls-key-file",
          "tls-key-file-pass",
          "tls-client-cert-file",
          "tls-client-key-file",
          "tls-client-key-file-pass",
          "tls-dh-params-file",
          "tls-ca-cert-file",
          "tls-ca-cert-dir",
          "tls-protocols",
          "tls-ciphers",
          "tls-ciphersuites");

  private static final List<String> BLANKS = List.of(" ", "\t", "  ", "\r", " \u000b", "\f ");
  private static final List<String> PIECES =
      List.of(
          "a",
          "Z",
          "7",
          "-",
          "#",
          "\\",
          "\\\\",
          "\"",
          "'",
          "\\\"",
          "\\'",
          "\\x41",
          "\\x4",
          "\\xg1",
          "\\XAB",
          "\\n",
          "\\t",
          "\\q",
          "\\xc3\\xbc",
          "ü",
          "\u00a0",
          "\u2028",
          "€",
          " ",
          "\t",
          "\u000b",
          "$(x)",
          "`",
          "%",
          "\"b c\"",
          "'d e'",
          "\"\"");

  @Test
  void aServerHasTheValuesThatWereRead() {
    Random random = new Random(SEED);
    try (var servers = new RedisServers(version, null);
        var nodes =
            new LettuceNodes(DEADLINE, DEADLINE, Duration.ofMinutes(1), InstantSource.system())) {
      for (int i = 0; i < FILES; i++) {
        List<String> lines = new ArrayList<>();
        SortedMap<String, String> expected = new TreeMap<>();
        SortedMap<String, String> canonical = new TreeMap<>();
        for (String name : FREE) {
          String line;
          List<String> words;
          do {
            line = line(random, name);
            words = words(line);
          } while (words.size() != 2 || !words.getFirst().equalsIgnoreCase(name));
          lines.add(line);
          expected.put(name, words.get(1));
          canonical.put(name, Arguments.join(words.subList(1, 2)));
        }
        for (String[] file :
            new String[][] {
              lines.toArray(String[]::new), RedisConf.render(canonical).split("\n", -1)
            }) {
          RedisServer server = servers.start(file);
          assertThat(nodes.at(server.endpoint()).getConfig(FREE))
              .as("seed %d: %s", SEED, String.join("\n", file))
              .isEqualTo(expected);
          server.kill();
        }
      }
    }
  }

  @Test
  void aServerRefusesWhatCannotBeRead() {
    Random random = new Random(SEED + 1);
    for (int i = 0; i < FILES * 3; i++) {
      String line = line(random, "syslog-ident");
      if (isUnreadable(line)) {
        assertThat(accepts(line)).as("seed %d: %s", SEED, line).isFalse();
      }
    }
  }

  /** Whole lines of settings with several words, and of names that are written strangely. */
  @Test
  void aServerStartsWithWhatIsRendered() {
    for (String line :
        List.of(
            "save '3600 1 300 100'",
            "save 3600 \"1\"",
            "save \"\"",
            "client-output-buffer-limit 'replica 1mb 1mb 60'",
            "\"\\x68z\" '20'",
            "SLAVE-Priority 10",
            "oom-score-adj-values 0 200 800",
            "latency-tracking-info-percentiles 50 99",
            "shutdown-on-sigterm nosave force",
            "notify-keyspace-events \"\"")) {
      Map<String, String> read = RedisConf.parse(line, "conf");
      assertThat(accepts(line)).as(line).isTrue();
      assertThat(accepts(RedisConf.render(read).strip())).as(line).isTrue();
    }
  }

  /** To every server, beside what is refused although some or all servers take it. */
  private static boolean isUnreadable(String line) {
    try {
      List<String> words = Arguments.split(line);
      // Redis 8 takes a name that it does not know for a module's, and refuses it later.
      return words.size() != 2 && words.getFirst().equalsIgnoreCase("syslog-ident");
    } catch (InvalidConfigurationException e) {
      return !Set.of(Arguments.CLOSING, Arguments.NO_TEXT).contains(e.getMessage());
    }
  }

  /** What {@link Arguments} reads; nothing where it cannot. */
  private static List<String> words(String line) {
    try {
      return Arguments.split(line);
    } catch (InvalidConfigurationException e) {
      return List.of();
    }
  }

  /** Whether the server stops at the line that follows, and not at this one. */
  private boolean accepts(String line) {
    try {
      Process process =
          new ProcessBuilder(RedisServers.programs(version).resolve("server").toString(), "-")
              .redirectErrorStream(true)
              .start();
      try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
        stdin.write("port 0\n" + line + "\nhz\n");
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output).contains("FATAL CONFIG FILE ERROR");
      return output.contains(">>> 'hz'");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(Random random, String name) {
    StringBuilder line = new StringBuilder(random.nextInt(4) == 0 ? any(random, BLANKS) : "");
    line.append(name(random, name)).append(any(random, BLANKS));
    String quote = any(random, List.of("", "", "\"", "'"));
    line.append(quote);
    for (int i = random.nextInt(5); i >= 0; i--) {
      line.append(any(random, PIECES));
    }
    return line.append(quote).append(random.nextInt(4) == 0 ? any(random, BLANKS) : "").toString();
  }

  private static String name(Random random, String name) {
    return switch (random.nextInt(5)) {
      case 0 -> name.toUpperCase(Locale.ROOT);
      case 1 -> "'" + name + "'";
      case 2 -> "\"\\x%02x%s\"".formatted((int) name.charAt(0), name.substring(1));
      case 3 -> name.substring(0, 2) + "\"" + name.substring(2) + "\"";
      default -> name;
    };
  }

  private static String any(Random random, List<String> items) {
    return items.get(random.nextInt(items.size()));
  }
}
