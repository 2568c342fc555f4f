package io.slotkeeper.simulation.sentinel;

import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One process of a Sentinel. All that it knows is gone with it. */
public final class ModelSentinel {
  public static final int PORT = 26379;
  static final int PUBLISH = 2000;
  private static final int TICK = 100;

  /** Of SENTINEL IS-MASTER-DOWN-BY-ADDR. */
  record Reply(boolean down, Votes.@Nullable Vote vote) {}

  public final String id;
  public final String ip;
  final Network net;
  long currentEpoch;
  private final String label;
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private boolean running = true;
  private long greetedAt;

  /**
   * Runs until it is {@link #kill killed}.
   *
   * @param label for the trace
   */
  public ModelSentinel(Network net, String label, String id, String ip) {
    this.net = net;
    this.label = label;
    this.id = id;
    this.ip = ip;
    net.after(net.chance().between(1, TICK), this::tick);
  }

  public void kill() {
    running = false;
  }

  boolean isRunning() {
    return running;
  }

  private void tick() {
    if (!running) {
      return;
    }
    net.after(net.chance().between(TICK / 2, TICK), this::tick); // 10 to 20 times a second
    boolean greets = net.now() - greetedAt > PUBLISH;
    for (Group group : List.copyOf(groups.values())) {
      group.tick();
      if (greets) {
        greetedAt = net.now();
        group.greet();
      }
    }
  }

  /** SENTINEL MONITOR */
  public void monitor(String name, String primary, int quorum) {
    if (groups.containsKey(name)) {
      throw new RedisErrorException("ERR Duplicate master name");
    }
    groups.put(name, new Group(this, name, primary, quorum));
    net.trace(() -> this + " +monitor " + name + " at " + primary);
  }

  /** SENTINEL REMOVE */
  public void remove(String name) {
    require(name);
    groups.remove(name);
  }

  /** SENTINEL SET */
  public void set(String name, Map<String, String> settings) {
    Group group = require(name);
    settings.forEach((key, value) -> {
      switch (key) {
        case "quorum" -> group.quorum = Integer.parseInt(value);
        case "auth-pass" -> {}
        default -> group.settings.put(key, value);
      }
    });
  }

  private Group require(String name) {
    Group group = groups.get(name);
    if (group == null) {
      throw new RedisErrorException("ERR No such master with that name");
    }
    return group;
  }

  /** As PUBLISH to it, or over a server. */
  public void hear(Hello hello) {
    hear(hello, hello.epoch());
  }

  void hear(Hello hello, long epoch) {
    Group group = groups.get(hello.master());
    if (running && group != null) {
      currentEpoch = Math.max(currentEpoch, epoch);
      group.hear(hello);
    }
  }

  /** What a start script asks another for, and writes into the configuration. */
  public void learn(ModelSentinel other, String name) {
    Group known = other.require(name);
    Group group = new Group(this, name, known.primary.ip, known.quorum);
    group.settings.putAll(known.settings);
    group.configEpoch = known.configEpoch;
    currentEpoch = known.configEpoch;
    groups.put(name, group);
    net.trace(() -> this + " learns of " + known.primary.ip + " from " + other);
  }

  /** The epoch of what it knows of a primary; -1 for nothing. */
  public long epoch(String name) {
    Group group = groups.get(name);
    return group == null ? -1 : group.configEpoch;
  }

  Reply isDown(String primary, long epoch, @Nullable String candidate) {
    return groups.values().stream()
        .filter(group -> group.primary.ip.equals(primary))
        .findFirst()
        .map(group ->
            new Reply(
                group.primary.down, candidate == null ? null : group.votes.vote(epoch, candidate)))
        .orElseGet(() -> new Reply(false, null));
  }

  /** It has a connection to the server at this address, and hears what is published there. */
  public boolean watches(String address) {
    return running && groups.values().stream().anyMatch(group -> group.watches(address));
  }

  /** SENTINEL GET-MASTER-ADDR-BY-NAME; null where it knows none. */
  public @Nullable String address(String name) {
    Group group = groups.get(name);
    return group == null ? null : group.address();
  }

  public SentinelSnapshot look(String name) {
    Set<String> others = new HashSet<>(groups.keySet());
    others.remove(name);
    return new SentinelSnapshot(id, Optional.ofNullable(groups.get(name)).map(Group::seen), others);
  }

  @Override
  public String toString() {
    return label;
  }

  /** All that it knows, for the end of a trace. */
  public String dump() {
    return "%s at %s, epoch %d: %s".formatted(label, ip, currentEpoch, groups.values());
  }
}
