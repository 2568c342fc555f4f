package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.StatefulRedisConnection;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import io.slotkeeper.redis.lettuce.Connections.Lease;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final Endpoint ONE = new Endpoint("one", "10.0.0.1", 6379, null);
  private static final Endpoint OTHER = new Endpoint("other", "10.0.0.1", 6379, null);
  private static final Duration UNUSED = Duration.ofSeconds(5);

  private final List<CompletableFuture<StatefulRedisConnection<String, String>>> opened =
      new ArrayList<>();
  private final List<Object> closed = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private final Connections connections = new Connections(_ -> open(), () -> now);

  @Test
  void leasesOfOneEndpointShareOneConnection() {
    try (Lease first = connections.lease(ONE);
        Lease second = connections.lease(ONE);
        Lease other = connections.lease(OTHER)) {
      assertThat(second.connection()).isSameAs(first.connection());
      assertThat(other.connection()).isNotSameAs(first.connection());
    }
    assertThat(opened).hasSize(2);
  }

  @Test
  void closesUnusedConnections() {
    StatefulRedisConnection<String, String> connection = connection();
    try (Lease lease = connections.lease(ONE)) {
      opened.getFirst().complete(connection);
      assertThat(lease.connection().join()).isSameAs(connection);
      now = now.plus(UNUSED.multipliedBy(2));
      connections.closeUnused(UNUSED);
      assertThat(closed).isEmpty(); // still in use
    }
    now = now.plus(UNUSED.minusMillis(1));
    connections.closeUnused(UNUSED);
    assertThat(closed).isEmpty();

    now = now.plusMillis(1);
    connections.closeUnused(UNUSED);
    assertThat(closed).singleElement().isSameAs(connection);
    assertThat(connections.size()).isZero();
  }

  @Test
  void aRetiredConnectionClosesWithItsLastUser() {
    StatefulRedisConnection<String, String> connection = connection();
    Lease other = connections.lease(ONE);
    opened.getFirst().complete(connection);
    try (Lease lease = connections.lease(ONE)) {
      lease.retire();
    }
    assertThat(closed).isEmpty();
    try (Lease fresh = connections.lease(ONE)) {
      assertThat(fresh.connection()).isNotSameAs(other.connection());
    }
    other.close();
    assertThat(closed).singleElement().isSameAs(connection);
  }

  @Test
  void aFailedConnectIsTriedAgain() {
    connections.lease(ONE).close();
    opened.getFirst().completeExceptionally(new IllegalStateException("refused"));
    connections.lease(ONE).close();
    assertThat(opened).hasSize(2);
  }

  @Test
  void oneThatOpensAfterItWasForgottenIsClosed() {
    connections.lease(ONE).close();
    connections.lease(OTHER).close();
    connections.close(endpoint -> endpoint.equals(ONE));
    assertThat(connections.size()).isEqualTo(1);

    StatefulRedisConnection<String, String> connection = connection();
    opened.getFirst().complete(connection);
    assertThat(closed).singleElement().isSameAs(connection);
  }

  private CompletableFuture<StatefulRedisConnection<String, String>> open() {
    CompletableFuture<StatefulRedisConnection<String, String>> future = new CompletableFuture<>();
    opened.add(future);
    return future;
  }

  @SuppressWarnings("unchecked") // a proxy has no type arguments
  private StatefulRedisConnection<String, String> connection() {
    return (StatefulRedisConnection<String, String>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {StatefulRedisConnection.class},
            (self, method, _) ->
                switch (method.getName()) {
                  case "isOpen" -> true;
                  case "closeAsync" -> {
                    closed.add(self);
                    yield CompletableFuture.completedFuture(null);
                  }
                  case "equals" -> false;
                  case "hashCode" -> 1;
                  case "toString" -> "connection";
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
