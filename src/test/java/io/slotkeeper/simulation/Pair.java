package io.slotkeeper.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.redis.cluster.NodeSnapshot;
import io.slotkeeper.redis.cluster.RedisNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** The same servers twice, of the model and real ones, to which the same is done. */
final class Pair {
  /** For so long the model must stay as it is: longer than any of the servers' own timers. */
  private static final int STILL = 50;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Side model;
  private final Side real;
  private final Eye eye;
  private final Map<NodeId, String> modelNames = new HashMap<>();
  private final Map<NodeId, String> realNames = new HashMap<>();
  private final Map<Integer, String> names = new TreeMap<>();
  private final Set<Integer> running = new TreeSet<>();
  private final Set<Integer> forgotten = new HashSet<>();
  private final StringBuilder story = new StringBuilder();

  /** What is compared of a server. */
  interface Eye {
    /**
     * @param names of the ids
     * @param addresses of the servers that run, by name
     */
    Object look(
        Side side,
        int server,
        NodeSnapshot seen,
        Map<NodeId, String> names,
        Map<String, String> addresses);
  }

  Pair(Side model, Side real, int count, Eye eye) {
    this.model = model;
    this.real = real;
    this.eye = eye;
    for (int i = 0; i < count; i++) {
      running.add(i);
      name(i, "n" + i);
    }
  }

  private void name(int server, String name) {
    names.put(server, name);
    modelNames.put(model.node(server).myId(), name);
    realNames.put(real.node(server).myId(), name);
  }

  Set<Integer> running() {
    return running;
  }

  /** What was done, and what the servers said. */
  String story() {
    return story.toString();
  }

  void tell(String what) {
    story.append(what).append('\n');
  }

  /** A command to one server, which both take, or refuse for the same reason. */
  void command(String what, int server, BiFunction<Side, Ids, Consumer<RedisNode>> command) {
    answer(
        what,
        server,
        (side, ids) ->
            node -> {
              command.apply(side, ids).accept(node);
              return "OK";
            });
  }

  /** A command to one server, to which both say the same. */
  void answer(String what, int server, BiFunction<Side, Ids, Function<RedisNode, Object>> command) {
    compare(
        what,
        side -> {
          Ids ids = ids(side.equals(model) ? modelNames : realNames);
          try {
            return String.valueOf(command.apply(side, ids).apply(side.node(server)));
          } catch (RedisErrorException e) {
            return String.valueOf(e.getMessage());
          }
        });
  }

  /** Whatever is done to both, and answered by both: with the same word. */
  void compare(String what, Function<Side, String> action) {
    story.append(what);
    String byModel = word(model, action.apply(model));
    String byReal = word(real, action.apply(real));
    story.append(": ").append(byReal).append('\n');
    assertThat(byModel).as("the model says what a server does:\n%s", story).isEqualTo(byReal);
  }

  /** The kind of a reply, and the server that it sends a client to. */
  private String word(Side side, String reply) {
    String nested = "ERR Target instance replied with error: ";
    if (reply.startsWith(nested)) {
      return "target: " + word(side, reply.substring(nested.length()));
    }
    String[] words = reply.split(" ", -1);
    if (words.length == 3 && (words[0].equals("MOVED") || words[0].equals("ASK"))) {
      String ip = words[2].substring(0, words[2].lastIndexOf(':'));
      return words[0] + " to " + nameAt(side, ip);
    }
    return reply.matches("[A-Z]+ .*") ? words[0] : reply;
  }

  private String nameAt(Side side, String ip) {
    return names.keySet().stream()
        .filter(server -> side.address(server).ip().equals(ip))
        .map(names::get)
        .findFirst()
        .orElse("?");
  }

  /** The id of a server, as it was when it ran last. */
  interface Ids {
    NodeId of(int server);
  }

  private Ids ids(Map<NodeId, String> byId) {
    return server ->
        byId.entrySet().stream()
            .filter(entry -> entry.getValue().equals(names.get(server)))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
  }

  void kill(int server) {
    story.append("kill %d%n".formatted(server));
    running.remove(server);
    model.kill(server);
    real.kill(server);
  }

  /**
   * For a minute, others spread that it is forgotten: it comes back as another one, or not at all.
   */
  void forgotten(int server) {
    forgotten.add(server);
  }

  void start(int server, Side.Kept wanted, boolean elsewhere) {
    Side.Kept kept = forgotten.remove(server) ? Side.Kept.NOTHING : wanted;
    story.append("start %d with %s%s%n".formatted(server, kept, elsewhere ? " elsewhere" : ""));
    model.start(server, kept, elsewhere);
    real.start(server, kept, elsewhere);
    running.add(server);
    if (kept == Side.Kept.NOTHING) {
      name(server, names.get(server) + "'");
    }
  }

  private Map<Integer, Object> look(Side side, Map<NodeId, String> byId) {
    Map<String, String> addresses = new HashMap<>();
    running.forEach(server -> addresses.put(names.get(server), side.address(server).ip()));
    Map<Integer, Object> pictures = new TreeMap<>();
    for (int server : running) {
      NodeSnapshot seen = side.node(server).look();
      pictures.put(server, eye.look(side, server, seen, byId, addresses));
    }
    return pictures;
  }

  /** What the model comes to by itself, the servers come to as well. */
  void settle() {
    Map<Integer, Object> expected = still();
    Map<Integer, Object> seen = look(real, realNames);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!seen.equals(expected) && System.nanoTime() < deadline) {
      real.pause();
      seen = look(real, realNames);
    }
    same(seen, expected);
  }

  private Map<Integer, Object> still() {
    Map<Integer, Object> expected = look(model, modelNames);
    for (int still = 0; still < STILL; still++) {
      model.pause();
      Map<Integer, Object> now = look(model, modelNames);
      if (!now.equals(expected)) {
        expected = now;
        still = 0;
      }
    }
    return expected;
  }

  private void same(Map<Integer, Object> seen, Map<Integer, Object> expected) {
    assertThat(Picture.print(seen)).as("after\n%s", story).isEqualTo(Picture.print(expected));
  }

  /**
   * The same once all have told all others, and have told again what they make of it: then nothing
   * is under way, which no picture shows.
   */
  void settleAll() {
    model.mingle(running);
    Map<Integer, Object> before = still();
    model.mingle(running);
    Map<Integer, Object> expected = still();
    while (!expected.equals(before)) {
      before = expected;
      model.mingle(running);
      expected = still();
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Map<Integer, Object> seen = Map.of();
    int agreed = 0;
    while (agreed < 2 && System.nanoTime() < deadline) {
      real.mingle(running);
      seen = look(real, realNames);
      agreed = seen.equals(expected) ? agreed + 1 : 0;
    }
    same(seen, expected);
  }
}
