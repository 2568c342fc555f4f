package io.slotkeeper.redis.lettuce;

import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads what a server says to a silent client. A server that has no room says so and closes the
 * connection ({@code networking.c:acceptCommonHandler}). Where the client has sent its login by
 * then, that was never read, so the kernel resets the connection, and the client may lose the words
 * with it: they reliably reach only a silent client.
 */
final class RefusalReader {
  private static final int LONGEST = 512;

  private RefusalReader() {}

  /**
   * The error that a server greets with; empty where it says nothing.
   *
   * @param patience for the connection, and for the words
   */
  static Optional<String> of(Endpoint endpoint, Duration patience) {
    int millis = Math.toIntExact(patience.toMillis());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.ip(), endpoint.port()), millis);
      socket.setSoTimeout(millis);
      byte[] words = new byte[LONGEST];
      // One read: a server that sends byte by byte does not keep the caller.
      int length = Math.max(0, socket.getInputStream().read(words));
      String reply = new String(words, 0, length, StandardCharsets.UTF_8);
      return reply.startsWith("-") ? Optional.of(reply.substring(1).strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it waits to be asked, or is gone
    }
  }
}
