import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes and reads with nothing but a binding, whatever the mode of the Redis. */
public final class Application {
  private static final int KEYS = 100;

  private final Path binding;

  private Application(Path binding) {
    this.binding = binding;
  }

  public static void main(String[] arguments) throws IOException {
    new Application(Path.of(System.getenv("SERVICE_BINDING_ROOT"), arguments[0])).run();
  }

  private void run() throws IOException {
    if (has("cluster.nodes")) {
      try (RedisClusterClient client = RedisClusterClient.create(uris("cluster.nodes"))) {
        use("cluster", client.connect().sync());
      }
    } else if (has("sentinel.master")) {
      try (RedisClient client = RedisClient.create(sentinels())) {
        use("master " + read("sentinel.master"), client.connect().sync());
      }
    } else {
      try (RedisClient client = RedisClient.create(read("uri"))) {
        use("primary", client.connect().sync());
      }
    }
  }

  private static void use(String what, RedisClusterCommands<String, String> redis) {
    for (int key = 0; key < KEYS; key++) {
      redis.set("greeting:" + key, "hello " + key);
    }
    for (int key = 0; key < KEYS; key++) {
      if (!("hello " + key).equals(redis.get("greeting:" + key))) {
        throw new IllegalStateException("greeting:" + key + " is not what was written");
      }
    }
    System.out.println(KEYS + " keys written and read: " + what);
  }

  /** Sentinels take the password of the servers. */
  private RedisURI sentinels() throws IOException {
    RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(read("sentinel.master"));
    uris("sentinel.nodes").forEach(builder::withSentinel);
    RedisURI uri = builder.build();
    authenticate(uri);
    return uri;
  }

  private List<RedisURI> uris(String key) throws IOException {
    List<RedisURI> uris =
        Stream.of(read(key).split(",")).map(node -> RedisURI.create("redis://" + node)).toList();
    for (RedisURI uri : uris) {
      authenticate(uri);
    }
    return uris;
  }

  /** Without a password, the binding has neither of the two. */
  private void authenticate(RedisURI uri) throws IOException {
    if (has("password")) {
      uri.setAuthentication(read("username"), read("password").toCharArray());
    }
  }

  private boolean has(String key) {
    return Files.exists(binding.resolve(key));
  }

  private String read(String key) throws IOException {
    return Files.readString(binding.resolve(key));
  }
}
