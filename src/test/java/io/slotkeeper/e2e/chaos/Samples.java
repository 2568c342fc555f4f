package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.lettuce.core.cluster.SlotHash;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.resources.Ports;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Keys of every sort, and a function: written once, and still the same wherever they go. */
final class Samples {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final int TAGS = 12;
  private static final int BULK = 60_000;
  private static final int PIPELINE = 1_000;

  /** Of the large hash, in fields of 10 kB: 50 MB. */
  private static final int FIELDS = 5_000;

  private static final int FIELDS_AT_ONCE = 100;
  private static final String FIELD = "local v = i .. string.rep('x', 10000) ";
  private static final String GROW =
      "for i = ARGV[1], ARGV[2] do " + FIELD + "redis.call('HSET', KEYS[1], i, v) end";
  private static final String COUNT =
      "local n = 0 for i = ARGV[1], ARGV[2] do "
          + FIELD
          + "if redis.call('HGET', KEYS[1], i) == v then n = n + 1 end end return n";

  private static final String LIBRARY =
      """
      #!lua name=sample
      redis.register_function('twice', function(keys, args) return 2 * args[1] end)
      """;

  private static final Duration LASTING = Duration.ofDays(1);

  /** A key that travels comes in with what was left of its time when it left. */
  private static final Duration TRAVEL = Duration.ofSeconds(10);

  private static final Duration BRIEF = Duration.ofSeconds(20);
  private static final int BRIEF_KEYS = 20;

  private final ClusterNetwork network;
  private final Addresses addresses;
  private final String password;
  private final String large;
  private final long expiry = Instant.now().plus(LASTING).toEpochMilli();
  private final Map<String, String> written;

  /**
   * Writes them.
   *
   * @param servers whole
   */
  Samples(ClusterNetwork network, Addresses addresses, String password, ClusterServers servers)
      throws IOException, ErrorReply {
    this.network = network;
    this.addresses = addresses;
    this.password = password;
    // In the highest slots of the first shard, which go first.
    this.large = "{" + Subject.tag(3, 4 * servers.masters()) + "}:large";
    for (Pod master : servers.slots().keySet()) {
      try (var server = connect(master)) {
        server.command("FUNCTION", "LOAD", LIBRARY);
      }
    }
    fillBulk(servers.slots());
    try (var session = session()) {
      for (int i = 1; i <= FIELDS; i += FIELDS_AT_ONCE) {
        runOnLarge(session, GROW, i);
      }
      for (String tag : tags()) {
        write(session, tag);
      }
      written = read(session);
    }
  }

  private Session session() {
    return new Session(network, addresses::ips, password, TIMEOUT);
  }

  private RespConnection connect(Pod pod) throws IOException, ErrorReply {
    String ip = String.valueOf(pod.getStatus().getPodIP());
    return new RespConnection(network, ip, Ports.CLIENT, password, TIMEOUT);
  }

  private static List<String> tags() {
    return IntStream.range(0, TAGS).mapToObj(i -> "{" + Subject.tag(i, TAGS) + "}").toList();
  }

  /** The slot of the hash of 50 MB. */
  int slotOfLarge() {
    return SlotHash.getSlot(large);
  }

  private Object runOnLarge(Session session, String script, int from)
      throws IOException, ErrorReply {
    int to = from + FIELDS_AT_ONCE - 1;
    return ask(session, "EVAL", script, "1", large, Integer.toString(from), Integer.toString(to));
  }

  private static Object ask(Session session, String... command) throws IOException, ErrorReply {
    return session.follow(server -> server.command(command));
  }

  private void write(Session session, String tag) throws IOException, ErrorReply {
    ask(session, "SET", tag + "lasting", tag, "PXAT", Long.toString(expiry));
    for (int i = 0; i < 100; i++) {
      String number = Integer.toString(i);
      ask(session, "RPUSH", tag + "list", number);
      ask(session, "SADD", tag + "set", number);
      ask(session, "ZADD", tag + "sorted", number + ".5", "member " + number);
      ask(session, "XADD", tag + "stream", "1-" + (i + 1), "field", number);
    }
    ask(session, "XGROUP", "CREATE", tag + "stream", "readers", "0");
    ask(
        session,
        "XREADGROUP",
        "GROUP",
        "readers",
        "reader",
        "COUNT",
        "10",
        "STREAMS",
        tag + "stream",
        ">");
    ask(session, "XACK", tag + "stream", "readers", "1-1", "1-2", "1-3");
    for (int i = 1; i <= BRIEF_KEYS; i++) {
      String millis = Long.toString(BRIEF.toMillis() * i / BRIEF_KEYS);
      ask(session, "SET", tag + "brief:" + i, "brief", "PX", millis);
    }
  }

  /** What they hold, by key. */
  private Map<String, String> read(Session session) throws IOException, ErrorReply {
    Map<String, String> all = new TreeMap<>();
    for (String tag : tags()) {
      all.put(tag + "lasting", text(session, "GET", tag + "lasting"));
      all.put(tag + "list", text(session, "LRANGE", tag + "list", "0", "-1"));
      Set<String> members = new TreeSet<>();
      list(ask(session, "SMEMBERS", tag + "set")).forEach(one -> members.add(String.valueOf(one)));
      all.put(tag + "set", members.toString());
      all.put(tag + "sorted", text(session, "ZRANGE", tag + "sorted", "0", "-1", "WITHSCORES"));
      List<Object> stream = new ArrayList<>();
      stream.add(ask(session, "XRANGE", tag + "stream", "-", "+"));
      // Name, consumers, pending and last delivered. A copy does not know the others for sure: of
      // an XREADGROUP it hears as an XCLAIM, without the count (streamPropagateXCLAIM).
      stream.add(
          list(list(ask(session, "XINFO", "GROUPS", tag + "stream")).getFirst()).subList(0, 8));
      for (Object pending :
          list(ask(session, "XPENDING", tag + "stream", "readers", "-", "+", "99"))) {
        List<?> entry = list(pending);
        // Not for how long.
        stream.add(List.of(entry.get(0), entry.get(1), entry.get(3)));
      }
      all.put(tag + "stream", stream.toString());
    }
    return all;
  }

  private static String text(Session session, String... command) throws IOException, ErrorReply {
    return String.valueOf(ask(session, command));
  }

  private static List<?> list(Object reply) {
    return (List<?>) reply;
  }

  /** What is not as it was written, or not where it belongs; empty where all is. */
  List<String> problems(ClusterServers servers) throws IOException, ErrorReply {
    List<String> problems = new ArrayList<>();
    Map<Pod, BitSet> slots = servers.slots();
    try (var session = session()) {
      Map<String, String> now = read(session);
      written.forEach((key, value) -> {
        if (!value.equals(now.get(key))) {
          problems.add("%s was %s, is %s".formatted(key, value, now.get(key)));
        }
      });
      for (String tag : tags()) {
        long at = (Long) ask(session, "PEXPIRETIME", tag + "lasting");
        if (Math.abs(at - expiry) > TRAVEL.toMillis()) {
          problems.add(tag + "lasting expires at " + at + ", not " + expiry);
        }
      }
      long right = 0;
      for (int i = 1; i <= FIELDS; i += FIELDS_AT_ONCE) {
        right += (Long) runOnLarge(session, COUNT, i);
      }
      if (right != FIELDS || (Long) ask(session, "HLEN", large) != FIELDS) {
        problems.add(large + " has " + right + " of its " + FIELDS + " fields");
      }
    }
    checkBulk(slots, problems);
    checkPlaces(slots, problems);
    for (Pod pod : addresses.pods()) {
      try (var server = connect(pod)) {
        if (!server.text("FUNCTION", "LIST").contains("twice")) {
          problems.add(pod.getMetadata().getName() + " does not have the function");
        } else if (slots.containsKey(pod)
            && !server.text("FCALL", "twice", "0", "21").equals("42")) {
          problems.add(pod.getMetadata().getName() + " does not run the function");
        }
      }
    }
    return problems;
  }

  private void fillBulk(Map<Pod, BitSet> slots) throws IOException, ErrorReply {
    for (Map.Entry<Pod, BitSet> master : slots.entrySet()) {
      pipeline(master.getKey(), bulkIn(master.getValue()), "SET");
    }
  }

  private void checkBulk(Map<Pod, BitSet> slots, List<String> problems)
      throws IOException, ErrorReply {
    for (Map.Entry<Pod, BitSet> master : slots.entrySet()) {
      pipeline(master.getKey(), bulkIn(master.getValue()), "GET")
          .forEach((key, value) -> {
            if (!value.equals(valueOf(key))) {
              problems.add(key + " is " + value);
            }
          });
    }
  }

  private static List<String> bulkIn(BitSet slots) {
    return IntStream.range(0, BULK)
        .mapToObj(i -> "bulk:" + i)
        .filter(key -> slots.get(SlotHash.getSlot(key)))
        .toList();
  }

  private static String valueOf(String bulk) {
    return "value of " + bulk;
  }

  private Map<String, Object> pipeline(Pod pod, List<String> keys, String what)
      throws IOException, ErrorReply {
    Map<String, Object> answers = new HashMap<>();
    try (var server = connect(pod)) {
      for (int from = 0; from < keys.size(); from += PIPELINE) {
        List<String> part = keys.subList(from, Math.min(keys.size(), from + PIPELINE));
        for (String key : part) {
          if (what.equals("SET")) {
            server.send(what, key, valueOf(key));
          } else {
            server.send(what, key);
          }
        }
        for (String key : part) {
          answers.put(key, server.receive());
        }
      }
    }
    return answers;
  }

  /** Every key is at the master that has its slot, and at no other; those that expired nowhere. */
  private void checkPlaces(Map<Pod, BitSet> slots, List<String> problems)
      throws IOException, ErrorReply {
    Set<String> missing = new HashSet<>(written.keySet());
    missing.add(large);
    IntStream.range(0, BULK).forEach(i -> missing.add("bulk:" + i));
    for (Map.Entry<Pod, BitSet> master : slots.entrySet()) {
      String name = master.getKey().getMetadata().getName();
      for (String key : keys(master.getKey())) {
        missing.remove(key);
        if (!master.getValue().get(SlotHash.getSlot(key))) {
          problems.add(key + " is at " + name + ", which does not have its slot");
        }
        if (key.contains("}brief:")) {
          problems.add(key + " is still at " + name);
        }
      }
    }
    missing.stream().limit(20).forEach(key -> problems.add(key + " is nowhere"));
  }

  private Set<String> keys(Pod master) throws IOException, ErrorReply {
    Set<String> keys = new HashSet<>();
    try (var server = connect(master)) {
      String cursor = "0";
      do {
        List<?> page = list(server.command("SCAN", cursor, "COUNT", "5000"));
        cursor = String.valueOf(page.getFirst());
        list(page.getLast()).forEach(key -> keys.add(String.valueOf(key)));
      } while (!cursor.equals("0"));
    }
    return keys;
  }
}
