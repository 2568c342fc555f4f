package io.slotkeeper.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.redis.NodeId;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** The same servers twice, of the model and real ones, to which the same is done. */
final class Pair {
  /** For so long the model must stay as it is: longer than any of the servers' own timers. */
  private static final int STILL = 50;

  private static final int REAL_LOOKS = 800;

  private final Side model;
  private final Side real;
  private final Map<NodeId, String> modelNames = new HashMap<>();
  private final Map<NodeId, String> realNames = new HashMap<>();
  private final Map<Integer, String> names = new TreeMap<>();
  private final Set<Integer> running = new TreeSet<>();
  private final Set<Integer> forgotten = new HashSet<>();
  private final StringBuilder story = new StringBuilder();

  Pair(Side model, Side real, int count) {
    this.model = model;
    this.real = real;
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

  /** A command to one server, which both take or refuse. */
  void command(String what, int server, BiFunction<Side, Ids, Consumer<RedisNode>> command) {
    story.append(what).append('\n');
    boolean byModel = accepts(model, server, command.apply(model, ids(modelNames)));
    boolean byReal = accepts(real, server, command.apply(real, ids(realNames)));
    assertThat(byModel).as("the model accepts what a server does:\n%s", story).isEqualTo(byReal);
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

  private static boolean accepts(Side side, int server, Consumer<RedisNode> command) {
    try {
      command.accept(side.node(server));
      return true;
    } catch (RedisErrorException e) {
      return false;
    }
  }

  void write(int server, int slot) {
    story.append("write slot %d at %d%n".formatted(slot, server));
    boolean byModel = model.write(server, slot);
    assertThat(byModel).as(story.toString()).isEqualTo(real.write(server, slot));
  }

  void kill(int server) {
    story.append("kill %d%n".formatted(server));
    running.remove(server);
    model.kill(server);
    real.kill(server);
  }

  /** For a minute it is told of as forgotten: it comes back as another one, or not at all. */
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

  private Map<Integer, Picture> look(Side side, Map<NodeId, String> byId) {
    Map<String, String> addresses = new HashMap<>();
    running.forEach(server -> addresses.put(names.get(server), side.address(server).ip()));
    Map<Integer, Picture> pictures = new TreeMap<>();
    for (int server : running) {
      pictures.put(server, Picture.of(side.node(server).look(), byId, addresses));
    }
    return pictures;
  }

  /** What the model comes to, the servers come to as well. */
  Map<Integer, Picture> settle() {
    Map<Integer, Picture> expected = look(model, modelNames);
    for (int still = 0; still < STILL; still++) {
      model.pause();
      Map<Integer, Picture> now = look(model, modelNames);
      if (!now.equals(expected)) {
        expected = now;
        still = 0;
      }
    }
    Map<Integer, Picture> seen = look(real, realNames);
    for (int i = 0; i < REAL_LOOKS && !seen.equals(expected); i++) {
      real.pause();
      seen = look(real, realNames);
    }
    assertThat(Picture.print(seen)).as("after\n%s", story).isEqualTo(Picture.print(expected));
    return expected;
  }
}
