package io.slotkeeper.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands before a server, and closes a connection at the moment in which it is used again. */
public final class ClosingProxy implements AutoCloseable {
  private final String target;
  private final ServerSocket listener;
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * @param target the server's address
   */
  public ClosingProxy(String target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public String ip() {
    return listener.getInetAddress().getHostAddress();
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** What is sent next over any connection reaches no server: that connection is closed. */
  public void closeNext() {
    closing.set(true);
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket client = listener.accept();
        Socket server = new Socket(target, RedisServers.PORT);
        Thread.ofVirtual().start(() -> forward(client, server, true));
        Thread.ofVirtual().start(() -> forward(server, client, false));
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private void forward(Socket from, Socket to, boolean fromClient) {
    byte[] buffer = new byte[64 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (fromClient && closing.compareAndSet(true, false)) {
          return;
        }
        to.getOutputStream().write(buffer, 0, length);
      }
    } catch (IOException e) {
      // the other direction has closed both
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
