package io.slotkeeper.e2e.chaos;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Connections to pods, as a client in the cluster makes them. A local cluster's network is a
 * network namespace; a socket belongs to the one that its thread is in when it is made (setns(2)),
 * and can be used by any thread from then on. So one thread enters, and makes all sockets.
 */
final class ClusterNetwork implements AutoCloseable {
  private static final int READ_ONLY = 0;
  private static final int CLONE_NEWNET = 0x40000000;

  private final ExecutorService inside =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cluster-network").factory());

  private ClusterNetwork() {}

  /**
   * @param namespace a file that stands for it, as below /run/netns
   */
  static ClusterNetwork enter(Path namespace) {
    var network = new ClusterNetwork();
    network.inThere(() -> {
      setns(namespace);
      return namespace;
    });
    return network;
  }

  SocketChannel connect(InetSocketAddress address, Duration timeout) throws IOException {
    SocketChannel channel = inThere(() -> SocketChannel.open(StandardProtocolFamily.INET));
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(address, Math.toIntExact(timeout.toMillis()));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private <T> T inThere(java.util.concurrent.Callable<T> task) {
    try {
      return inside.submit(task).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private static void setns(Path namespace) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup c = linker.defaultLookup();
    var open =
        linker.downcallHandle(
            c.findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    var setns =
        linker.downcallHandle(
            c.findOrThrow("setns"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) open.invokeExact(arena.allocateFrom(namespace.toString()), READ_ONLY);
      if (file < 0 || (int) setns.invokeExact(file, CLONE_NEWNET) != 0) {
        throw new IllegalStateException(
            "cannot enter the network " + namespace + "; it takes root");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    inside.shutdown();
  }
}
