package io.slotkeeper.simulation.standalone;

import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import io.slotkeeper.simulation.OperatorProcess;
import io.slotkeeper.simulation.sentinel.ModelSentinel;
import java.util.Map;
import java.util.function.Consumer;

/** The operator's way to a Sentinel. */
final class WatcherNode implements SentinelNode {
  private final OperatorProcess operator;
  private final Endpoint endpoint;

  WatcherNode(OperatorProcess operator, Endpoint endpoint) {
    this.operator = operator;
    this.endpoint = endpoint;
  }

  private ModelSentinel connect() {
    ModelSentinel sentinel = ((Watcher) operator.connect(endpoint)).sentinel();
    if (sentinel == null) {
      throw new RedisUnavailableException(
          RedisUnavailableException.Kind.REFUSED, endpoint, "refused", null);
    }
    return sentinel;
  }

  @Override
  public SentinelSnapshot look(String master) {
    operator.ask();
    return connect().look(master);
  }

  private void change(String what, Consumer<ModelSentinel> command) {
    operator.spend(what + " on " + endpoint.owner() + "@" + endpoint.ip());
    command.accept(connect());
    operator.replied();
  }

  @Override
  public void monitor(String master, String ip, int port, int quorum) {
    change("SENTINEL MONITOR " + ip, sentinel -> sentinel.monitor(master, ip, quorum));
  }

  @Override
  public void remove(String master) {
    change("SENTINEL REMOVE", sentinel -> sentinel.remove(master));
  }

  @Override
  public void set(String master, Map<String, String> settings) {
    change("SENTINEL SET " + settings.size(), sentinel -> sentinel.set(master, settings));
  }

  @Override
  public PasswordCommands passwords(String master) {
    throw new UnsupportedOperationException("there are no passwords here");
  }

  @Override
  public void hear(Hello hello) {
    change("hello " + hello.message(), sentinel -> sentinel.hear(hello));
  }
}
