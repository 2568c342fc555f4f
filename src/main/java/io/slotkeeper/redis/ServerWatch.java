package io.slotkeeper.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects the death of a server at once, and proves it: holds one idle TCP connection to each
 * watched server. When the server's host closes it, a new connection to the same address is tried;
 * if that is refused, the process is gone. Silence never proves anything.
 *
 * <p>A connection costs a file descriptor and some hundred bytes: one thread serves thousands.
 */
public final class ServerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);
  private static final long CONNECT = Duration.ofSeconds(1).toNanos();
  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(2).toNanos();

  /** A connection held for less counts as a failure: the next try waits. */
  private static final long STEADY = Duration.ofSeconds(1).toNanos();

  /** What is known of a watched server. */
  public enum State {
    /** A connection is being made. */
    CONNECTING,
    /** A connection is held. */
    HELD,
    /** The last connection was accepted and closed at once: a server is there, and may say why. */
    DROPPED,
    /** A connection was held, the host closed it, and refuses a new one: the process is gone. */
    REFUSED_AFTER_HELD,
    /** No connection, and no proof of anything; also: not watched. */
    UNKNOWN
  }

  /**
   * A server to watch.
   *
   * @param owner whose address it is (a pod's UID)
   * @param ip an address literal
   * @param greeting sent on each connection; what the server says then is news. Empty for none
   */
  public record Key(String owner, String ip, int port, String greeting) {

    public Key(String owner, String ip, int port) {
      this(owner, ip, port, "");
    }

    /** Without the greeting, which may have a password in it. */
    @Override
    public String toString() {
      return ip + ":" + port;
    }
  }

  /** Receives changes, on the watch's own thread: must return at once. */
  public interface Listener {
    /** The state has become {@link State#REFUSED_AFTER_HELD}. */
    void onServerGone(String owner);

    /** A connection is held, for the first time or again: it may be a new process. */
    void onServerUp(String owner);

    /** It has said something after its greeting. */
    void onServerSpoke(String owner);

    /** The watch has ended for good: deaths would be noticed late. */
    void onFailure(Throwable cause);
  }

  private final Listener listener;
  private final Selector selector;
  private final Thread thread;
  private final ConcurrentHashMap<String, Watch> watches = new ConcurrentHashMap<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timeout> timeouts =
      new PriorityQueue<>((one, other) -> Long.signum(one.at - other.at));
  private final ByteBuffer discarded = ByteBuffer.allocateDirect(256);
  private volatile boolean closed;

  /** Starts the thread. */
  public ServerWatch(Listener listener) {
    this.listener = listener;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("server-watch").start(this::run);
  }

  /** Begins to watch a server; no effect if it is watched already. */
  public void watch(Key key) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(key.ip()), key.port());
    watches.compute(
        key.owner(),
        (_, known) -> {
          if (known != null && known.key.equals(key)) {
            return known;
          }
          Watch watch = new Watch(key, address);
          tasks.add(() -> replace(known, watch));
          return watch;
        });
    selector.wakeup();
  }

  /** Forgets the server and what was known of it. */
  public void unwatch(String owner) {
    Watch watch = watches.remove(owner);
    if (watch != null) {
      tasks.add(watch::disconnect);
      selector.wakeup();
    }
  }

  /** The watch's thread runs. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  public State state(String owner) {
    Watch watch = watches.get(owner);
    return watch == null ? State.UNKNOWN : watch.state;
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (selector) {
      while (!closed) {
        selector.select(untilNextTimeout());
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid()) {
            ready((Watch) key.attachment(), key);
          }
        }
        selector.selectedKeys().clear();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        fireTimeouts();
      }
    } catch (Throwable e) { // whatever it was: this thread has ended
      listener.onFailure(e);
    } finally {
      watches.values().forEach(Watch::disconnect);
      watches.clear();
    }
  }

  /** In milliseconds, rounded up; 0 for none. */
  private long untilNextTimeout() {
    Timeout next = timeouts.peek();
    return next == null ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(next.remaining()) + 1);
  }

  private void fireTimeouts() {
    for (Timeout next = timeouts.peek();
        next != null && next.remaining() <= 0;
        next = timeouts.peek()) {
      timeouts.remove();
      if (next.watch.timeout != next || !isWatched(next.watch)) {
        continue;
      }
      if (next.watch.channel == null) {
        connect(next.watch);
      } else {
        failed(next.watch, State.UNKNOWN); // the connect took too long
      }
    }
  }

  private void setTimeout(Watch watch, long nanos) {
    watch.timeout = new Timeout(watch, System.nanoTime() + nanos);
    timeouts.add(watch.timeout);
  }

  private boolean isWatched(Watch watch) {
    return watches.get(watch.key.owner()) == watch;
  }

  private void replace(@Nullable Watch old, Watch watch) {
    if (old != null) {
      old.disconnect();
    }
    if (isWatched(watch)) {
      connect(watch);
    }
  }

  private void connect(Watch watch) {
    try {
      SocketChannel channel = SocketChannel.open();
      watch.channel = channel;
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.register(selector, SelectionKey.OP_CONNECT, watch);
      setTimeout(watch, CONNECT);
      if (channel.connect(watch.address)) {
        held(watch, channel);
      }
    } catch (IOException e) {
      failed(watch, e);
    } catch (UnsupportedAddressTypeException e) { // IPv6, where this host has none
      failed(watch, State.UNKNOWN);
    }
  }

  private void ready(Watch watch, SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    if (key.isConnectable()) {
      try {
        if (channel.finishConnect()) {
          held(watch, channel);
        }
      } catch (IOException e) {
        failed(watch, e);
      }
    } else {
      try {
        // What the server sends does not matter (it may be why it closes the connection).
        if (channel.read(discarded.clear()) < 0) {
          broken(watch);
        } else if (!watch.key.greeting().isEmpty()) {
          tell(watch, listener::onServerSpoke);
        }
      } catch (IOException e) {
        // Only the host itself resets a connection. After anything else, nothing is known.
        watch.wasHeld = e instanceof SocketException && "Connection reset".equals(e.getMessage());
        broken(watch);
      }
    }
  }

  private void held(Watch watch, SocketChannel channel) {
    channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
    boolean again = watch.state == State.CONNECTING || watch.state == State.DROPPED;
    boolean news = !watch.wasHeld || watch.failures == 0 || !again;
    watch.timeout = null;
    watch.wasHeld = true;
    watch.heldSince = System.nanoTime();
    if (become(watch, State.HELD) && news) {
      tell(watch, listener::onServerUp);
    }
    greet(watch, channel);
  }

  /** So short that the socket takes it at once. */
  private void greet(Watch watch, SocketChannel channel) {
    if (!watch.key.greeting().isEmpty()) {
      try {
        channel.write(ByteBuffer.wrap(watch.key.greeting().getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        broken(watch);
      }
    }
  }

  private void broken(Watch watch) {
    watch.disconnect();
    boolean steady = System.nanoTime() - watch.heldSince >= STEADY;
    if (!become(watch, steady ? State.CONNECTING : State.DROPPED)) {
      return;
    }
    if (steady) {
      watch.failures = 0;
      connect(watch);
    } else {
      pause(watch);
    }
  }

  private void failed(Watch watch, IOException cause) {
    boolean gone = watch.wasHeld && RefusedConnection.is(cause);
    failed(watch, gone ? State.REFUSED_AFTER_HELD : State.UNKNOWN);
  }

  private void failed(Watch watch, State state) {
    watch.disconnect();
    boolean news = state == State.REFUSED_AFTER_HELD && watch.state != state;
    if (become(watch, state)) {
      pause(watch);
      if (news) {
        tell(watch, listener::onServerGone);
      }
    }
  }

  /** False when the server is not watched any more. */
  private boolean become(Watch watch, State state) {
    watch.state = state;
    return isWatched(watch);
  }

  private static void tell(Watch watch, Consumer<String> callback) {
    try {
      callback.accept(watch.key.owner());
    } catch (RuntimeException e) {
      log.error("could not report that {} is {}", watch.address, watch.state, e);
    }
  }

  private void pause(Watch watch) {
    setTimeout(watch, Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(watch.failures, 10)));
    watch.failures++;
  }

  /** Everything except the state belongs to the thread. */
  private static final class Watch {
    private final Key key;
    private final InetSocketAddress address;
    private volatile State state = State.CONNECTING;
    private @Nullable SocketChannel channel;
    private @Nullable Timeout timeout;
    private boolean wasHeld;
    private long heldSince;
    private int failures;

    Watch(Key key, InetSocketAddress address) {
      this.key = key;
      this.address = address;
    }

    void disconnect() {
      timeout = null;
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          log.debug("Closing the connection to {}", address, e);
        }
        channel = null;
      }
    }
  }

  private static final class Timeout {
    private final Watch watch;
    private final long at;

    Timeout(Watch watch, long at) {
      this.watch = watch;
      this.at = at;
    }

    long remaining() {
      return at - System.nanoTime();
    }
  }
}
