package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Pipeline.command;
import static io.slotkeeper.redis.lettuce.Pipeline.pairs;
import static io.slotkeeper.redis.lettuce.Pipeline.text;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.Logins;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.cluster.RedisNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The passwords of the user default. A hash instead of a password leaves none in the logs of the
 * server.
 */
abstract sealed class LettucePasswords implements PasswordCommands {
  private static final String USER = "default";

  private final RedisNodes.Endpoint endpoint;
  private final Pipeline pipeline;
  private final Duration timeout;

  private LettucePasswords(RedisNodes.Endpoint endpoint, Pipeline pipeline, Duration timeout) {
    this.endpoint = endpoint;
    this.pipeline = pipeline;
    this.timeout = timeout;
  }

  /** The question for the password that it uses itself. */
  abstract AsyncCommand<String, String, Map<String, String>> used();

  /** The name that this has in the answer. */
  abstract String nameOfUsed();

  final void send(AsyncCommand<String, String, ?> one) {
    pipeline.send(List.of(one), timeout);
  }

  @Override
  public final Logins logins() {
    AsyncCommand<String, String, List<Object>> user =
        command(CommandType.ACL, new NestedMultiOutput<>(StringCodec.UTF8), "GETUSER", USER);
    AsyncCommand<String, String, Map<String, String>> uses = used();
    pipeline.send(List.of(user, uses), timeout);
    return new Logins(hashes(user.join()), uses.join().getOrDefault(nameOfUsed(), ""));
  }

  /** Names and values in turn. */
  private Set<String> hashes(List<Object> user) {
    for (int i = 0; i + 1 < user.size(); i += 2) {
      if ("passwords".equals(user.get(i)) && user.get(i + 1) instanceof List<?> hashes) {
        return hashes.stream().map(String::valueOf).collect(Collectors.toSet());
      }
    }
    throw new RedisErrorException(endpoint + ": ACL GETUSER lists no passwords");
  }

  @Override
  public final void accept(Set<String> hashes) {
    setUser(hashes.stream().map(hash -> "#" + hash).toList());
  }

  final void setUser(List<String> rules) {
    List<String> arguments = new ArrayList<>(List.of("SETUSER", USER));
    arguments.addAll(new LinkedHashSet<>(rules));
    send(text(CommandType.ACL, arguments.toArray(String[]::new)));
  }

  /** Of a server. */
  static final class OfServer extends LettucePasswords {
    /** Valkey takes it for primaryauth. */
    private static final String USED = "masterauth";

    OfServer(RedisNodes.Endpoint endpoint, Pipeline pipeline, Duration timeout) {
      super(endpoint, pipeline, timeout);
    }

    @Override
    AsyncCommand<String, String, Map<String, String>> used() {
      return pairs(CommandType.CONFIG, "GET", USED);
    }

    @Override
    String nameOfUsed() {
      return USED;
    }

    @Override
    public void use(String password) {
      send(text(CommandType.CONFIG, "SET", USED, password));
    }

    /** Resets the passwords of the user, too (acl.c: ACLUpdateDefaultUserPassword). */
    @Override
    public void acceptOnly(String password) {
      send(text(CommandType.CONFIG, "SET", "requirepass", password));
    }
  }

  /** Of a Sentinel. */
  static final class OfSentinel extends LettucePasswords {
    private static final String USED = "sentinel-pass";

    private final String master;

    OfSentinel(RedisNodes.Endpoint endpoint, Pipeline pipeline, Duration timeout, String master) {
      super(endpoint, pipeline, timeout);
      this.master = master;
    }

    @Override
    AsyncCommand<String, String, Map<String, String>> used() {
      return pairs(CommandType.SENTINEL, "CONFIG", "GET", USED);
    }

    @Override
    String nameOfUsed() {
      return USED;
    }

    /**
     * A Sentinel does not show the password that it uses with servers. So that one comes first, and
     * the other shows that both are there.
     */
    @Override
    public void use(String password) {
      if (!master.isEmpty()) {
        send(text(CommandType.SENTINEL, "SET", master, "auth-pass", password));
      }
      send(text(CommandType.SENTINEL, "CONFIG", "SET", USED, password));
    }

    /** A Sentinel has no CONFIG SET. */
    @Override
    public void acceptOnly(String password) {
      setUser(List.of("resetpass", "#" + AcceptedPasswords.hash(password)));
    }
  }
}
