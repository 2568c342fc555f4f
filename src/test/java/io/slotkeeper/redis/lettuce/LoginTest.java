package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.testing.RedisServers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first moment of a connection, which every call may meet. */
@Tag("servers")
@Timeout(60)
class LoginTest {
  private static final String PASSWORD = "open-sesame-5up3r";
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static LettuceNodes nodes() {
    return new LettuceNodes(DEADLINE, DEADLINE, Duration.ofMinutes(1), InstantSource.system());
  }

  /** A login that goes over another pool may give a connection away that takes no commands yet. */
  @Test
  void itNeedsNoThreadButItsOwn() {
    CountDownLatch end = new CountDownLatch(1);
    ForkJoinPool common = ForkJoinPool.commonPool();
    IntStream.range(0, common.getParallelism()).forEach(_ -> common.execute(() -> hold(end)));
    try (var servers = new RedisServers("redis-7.0", PASSWORD);
        var nodes = nodes()) {
      assertThat(nodes.at(servers.start().endpoint()).myId()).isNotNull();
    } finally {
      end.countDown();
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One of some hundred was not usable at once, while the JVM was young. */
  @Test
  void everyConnectionIsUsableAtOnce() {
    try (var servers = new RedisServers("valkey-9.1", PASSWORD);
        var nodes = nodes()) {
      var server = servers.start();
      for (int i = 0; i < 1000; i++) {
        assertThat(nodes.at(server.endpoint()).myId()).isNotNull();
        nodes.forget(server.endpoint().owner());
      }
    }
  }
}
