package io.slotkeeper.e2e.chaos;

import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import io.slotkeeper.resources.Ports;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A cluster client: goes where it is redirected, and to another server when one does not answer.
 * For one thread.
 */
final class Session implements AutoCloseable {
  private static final Duration SHUNNED = Duration.ofMillis(200);
  private static final int MOST_REDIRECTIONS = 8;

  /** What is to be done with a server. */
  interface Task<T> {
    T with(RespConnection server) throws IOException, ErrorReply;
  }

  private final ClusterNetwork network;
  private final Supplier<List<String>> addresses;
  private final String password;
  private final Duration timeout;
  private final Map<String, RespConnection> connections = new HashMap<>();
  private final Map<String, Instant> shunned = new HashMap<>();
  private String at = "";
  private int turn;

  Session(
      ClusterNetwork network, Supplier<List<String>> addresses, String password, Duration timeout) {
    this.network = network;
    this.addresses = addresses;
    this.password = password;
    this.timeout = timeout;
  }

  /**
   * One attempt, at the server that is thought to be the right one. After a failure, the next
   * attempt goes elsewhere.
   */
  <T> T attempt(Task<T> task) throws IOException, ErrorReply {
    if (at.isEmpty()) {
      at = another();
    }
    try {
      return task.with(connection(at));
    } catch (ErrorReply e) {
      if (e.kind().equals("ASK")) {
        return asking(e.target(), task);
      }
      String target = e.kind().equals("MOVED") ? e.target() : "";
      at = isShunned(target) ? another() : target;
      throw e;
    } catch (IOException e) {
      shunned.put(at, Instant.now().plus(SHUNNED));
      discard(at);
      at = another();
      throw e;
    }
  }

  /** Of a slot that is on its way: this once only. */
  private <T> T asking(String ip, Task<T> task) throws IOException, ErrorReply {
    try {
      RespConnection server = connection(ip);
      server.command("ASKING");
      return task.with(server);
    } catch (IOException e) {
      shunned.put(ip, Instant.now().plus(SHUNNED));
      discard(ip);
      throw e;
    }
  }

  /** Goes where it is sent, and no further. */
  <T> T follow(Task<T> task) throws IOException, ErrorReply {
    for (int redirections = 0; ; redirections++) {
      try {
        return attempt(task);
      } catch (ErrorReply e) {
        if (!e.kind().equals("MOVED") || redirections == MOST_REDIRECTIONS) {
          throw e;
        }
      }
    }
  }

  private boolean isShunned(String ip) {
    return Instant.now().isBefore(shunned.getOrDefault(ip, Instant.EPOCH));
  }

  private String another() throws IOException {
    List<String> ips = addresses.get();
    connections.keySet().stream().filter(ip -> !ips.contains(ip)).toList().forEach(this::discard);
    for (int i = 0; i < ips.size(); i++) {
      String ip = ips.get(turn++ % ips.size());
      if (!isShunned(ip)) {
        return ip;
      }
    }
    throw new IOException("no server to be asked");
  }

  private RespConnection connection(String ip) throws IOException, ErrorReply {
    RespConnection known = connections.get(ip);
    if (known != null) {
      return known;
    }
    var fresh = new RespConnection(network, ip, Ports.CLIENT, password, timeout);
    connections.put(ip, fresh);
    return fresh;
  }

  private void discard(String ip) {
    RespConnection gone = connections.remove(ip);
    if (gone != null) {
      try {
        gone.close();
      } catch (IOException e) {
        // It was broken anyway.
      }
    }
  }

  @Override
  public void close() {
    Set.copyOf(connections.keySet()).forEach(this::discard);
  }
}
