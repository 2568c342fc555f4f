package io.slotkeeper.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slotkeeper.redis.ServerWatch.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Against plain sockets: each way a connection ends. */
@Timeout(60)
@Isolated("thousands of connections at once")
class ServerWatchTest {
  private static final String OWNER = "pod-uid";

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private volatile boolean broken;
  private final Queue<AutoCloseable> opened = new ConcurrentLinkedQueue<>();
  private final ServerWatch watch =
      new ServerWatch(
          new ServerWatch.Listener() {
            @Override
            public void onServerGone(String owner) {
              heard.add("gone " + owner);
            }

            @Override
            public void onServerUp(String owner) {
              heard.add("up " + owner);
              if (broken) {
                throw new AssertionError("broken");
              }
            }

            @Override
            public void onServerSpoke(String owner) {
              heard.add("said something " + owner);
            }

            @Override
            public void onFailure(Throwable cause) {
              heard.add("failed: " + cause.getMessage());
            }
          });

  @AfterEach
  void close() throws Exception {
    watch.close();
    for (AutoCloseable socket : opened) {
      socket.close();
    }
  }

  /**
   * An operator that watches no server any more would notice deaths by time only, and look healthy.
   */
  @Test
  void tellsThatItHasFailed() throws Exception {
    broken = true;
    ServerSocket server = listen(0);
    assertThat(watch.isAlive()).isTrue();
    watch.watch(key(server));

    accept(server);

    heard("up pod-uid");
    heard("failed: broken");
    await().until(() -> !watch.isAlive());
  }

  @Test
  void holdsAConnection() throws Exception {
    ServerSocket server = listen(0);
    watch.watch(key(server));

    Socket held = accept(server);
    heard("up pod-uid");
    assertThat(watch.state(OWNER)).isEqualTo(State.HELD);

    watch.watch(key(server)); // again: nothing happens
    watch.unwatch(OWNER);
    assertThat(held.getInputStream().read()).isEqualTo(-1);
    assertThat(watch.state(OWNER)).isEqualTo(State.UNKNOWN);
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsSaidAfterAGreetingIsNews() throws Exception {
    ServerSocket server = listen(0);
    ServerWatch.Key key =
        new ServerWatch.Key(OWNER, ip(), server.getLocalPort(), "hello, secret\r\n");
    assertThat(key.toString()).doesNotContain("secret");
    watch.watch(key);

    Socket held = accept(server);

    heard("up pod-uid");
    assertThat(new String(held.getInputStream().readNBytes(15), UTF_8))
        .isEqualTo("hello, secret\r\n");
    held.getOutputStream().write('x');
    heard("said something pod-uid");
  }

  @Test
  void whatIsSaidWithoutAGreetingIsNone() throws Exception {
    ServerSocket server = listen(0);
    watch.watch(key(server));
    Socket held = accept(server);
    heard("up pod-uid");

    held.getOutputStream().write('x');
    server.close();
    held.close();

    heard("gone pod-uid");
  }

  @Test
  void aProcessThatEndsIsGoneAndComesBack() throws Exception {
    ServerSocket server = listen(0);
    watch.watch(key(server));
    Socket held = accept(server);
    heard("up pod-uid");

    server.close(); // as a process that ends: no listener, then the connections close
    held.close();
    heard("gone pod-uid");
    assertThat(watch.state(OWNER)).isEqualTo(State.REFUSED_AFTER_HELD);

    accept(listen(server.getLocalPort()));
    heard("up pod-uid");
    assertThat(watch.state(OWNER)).isEqualTo(State.HELD);
  }

  @Test
  void aProcessThatIsKilledWithUnreadDataResetsTheConnection() throws Exception {
    ServerSocket server = listen(0);
    watch.watch(key(server));
    Socket held = accept(server);
    heard("up pod-uid");

    server.close();
    held.setSoLinger(true, 0); // RST instead of FIN
    held.close();
    heard("gone pod-uid");
  }

  @Test
  void aServerThatClosesAnIdleClientIsNotGone() throws Exception {
    ServerSocket server = listen(0);
    watch.watch(key(server));
    Socket held = accept(server);
    heard("up pod-uid");
    held.getOutputStream().write("-ERR idle\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    held.close();

    Socket next = accept(server);
    await().until(() -> watch.state(OWNER) == State.HELD);
    next.close();
    accept(server);
    await().until(() -> watch.state(OWNER) == State.HELD);
    assertThat(heard).doesNotContain("gone pod-uid");
  }

  /** As with all connections that maxclients allows: it says so, where it is asked. */
  @Test
  void aServerThatTakesNoClientIsThere() throws Exception {
    ServerSocket server = listen(0);
    AtomicInteger closed = new AtomicInteger();
    Thread.ofVirtual().start(() -> closeAll(server, closed));
    watch.watch(key(server));
    heard("up pod-uid");

    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          assertThat(watch.state(OWNER)).isIn(State.HELD, State.DROPPED);
          return closed.get() >= 5;
        });
    assertThat(heard).isEmpty();
  }

  @Test
  void aServerThatWasNeverHeldIsNotGone() throws Exception {
    ServerSocket server = listen(0);
    server.close();
    watch.watch(key(server));
    await().until(() -> watch.state(OWNER) == State.UNKNOWN);

    accept(listen(server.getLocalPort())); // refused before: nothing was heard of it
    heard("up pod-uid");
  }

  @Test
  void silenceProvesNothing() throws Exception {
    ServerSocket server = listen(0, 1);
    watch.watch(key(server));
    Socket held = accept(server);
    heard("up pod-uid");

    List<SocketChannel> crowd = fill(server); // the kernel drops what comes now
    held.close();
    await().until(() -> watch.state(OWNER) == State.UNKNOWN);
    assertThat(heard).isEmpty();

    for (SocketChannel channel : crowd) {
      channel.close();
    }
    Thread.startVirtualThread(() -> acceptAll(server));
    heard("up pod-uid");
  }

  @Test
  void theSameOwnerAtAnotherAddressIsAnotherServer() throws Exception {
    ServerSocket first = listen(0);
    watch.watch(key(first));
    Socket held = accept(first);
    heard("up pod-uid");
    ServerSocket second = listen(0);
    second.close();

    watch.watch(key(second));
    assertThat(held.getInputStream().read()).isEqualTo(-1);
    await().until(() -> watch.state(OWNER) == State.UNKNOWN); // refused, and never held
    assertThat(heard).isEmpty();
  }

  @Test
  void watchesThousands() throws Exception {
    ServerSocket server = listen(0, 2000);
    Thread.startVirtualThread(() -> acceptAll(server));
    int count = 2000;
    for (int i = 0; i < count; i++) {
      watch.watch(new ServerWatch.Key("pod-" + i, ip(), server.getLocalPort()));
    }
    for (int i = 0; i < count; i++) {
      assertThat(heard.poll(30, TimeUnit.SECONDS)).startsWith("up pod-");
    }
    assertThat(watch.state("pod-0")).isEqualTo(State.HELD);
  }

  private void heard(String what) throws InterruptedException {
    assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(what);
  }

  /** Of this JVM: others may test at the same time. */
  private static String ip() {
    long pid = ProcessHandle.current().pid();
    return "127.%d.%d.254".formatted(64 + (pid >> 8) % 128, pid & 255);
  }

  private static ServerWatch.Key key(ServerSocket server) {
    return new ServerWatch.Key(OWNER, ip(), server.getLocalPort());
  }

  private ServerSocket listen(int port) throws IOException {
    return listen(port, 50);
  }

  private ServerSocket listen(int port, int backlog) throws IOException {
    ServerSocket server = new ServerSocket();
    opened.add(server);
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.ofLiteral(ip()), port), backlog);
    return server;
  }

  private Socket accept(ServerSocket server) throws IOException {
    server.setSoTimeout(30_000);
    Socket socket = server.accept();
    opened.add(socket);
    return socket;
  }

  private static void closeAll(ServerSocket server, AtomicInteger closed) {
    try {
      while (!server.isClosed()) {
        server.accept().close();
        closed.incrementAndGet();
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private void acceptAll(ServerSocket server) {
    try {
      while (!server.isClosed()) {
        opened.add(server.accept());
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  /** Connects until the queue of connections not yet accepted is full. */
  private List<SocketChannel> fill(ServerSocket server) throws Exception {
    List<SocketChannel> crowd = new ArrayList<>();
    boolean full = false;
    while (!full) {
      SocketChannel channel = SocketChannel.open();
      opened.add(channel);
      crowd.add(channel);
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(InetAddress.ofLiteral(ip()), server.getLocalPort()));
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
      boolean connected = channel.finishConnect();
      while (!connected && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(5);
        connected = channel.finishConnect();
      }
      full = !connected;
    }
    return crowd;
  }
}
