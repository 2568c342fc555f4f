package io.slotkeeper.backup;

import io.slotkeeper.redis.RedisErrorException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server (RESP2), for one thread at a time. It is not Lettuce's, which cannot
 * read what a server sends to its replicas.
 */
final class Connection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration REPLY = Duration.ofSeconds(10);
  private static final int LONGEST_LINE = 64 << 10;
  private static final int LONGEST_REPLY = 64 << 20;

  private final Server server;
  private final Socket socket = new Socket();
  private final InputStream in;

  /**
   * @param password of the user default; null for none
   */
  Connection(Server server, @Nullable String password) throws IOException {
    this.server = server;
    try {
      socket.connect(new InetSocketAddress(server.host(), server.port()), (int) CONNECT.toMillis());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 256 << 10);
      patience(REPLY);
      if (password != null && !password.isEmpty()) {
        ask("AUTH", password);
      }
    } catch (RedisErrorException e) {
      socket.close();
      throw e;
    } catch (IOException e) {
      socket.close();
      throw new IOException(server + ": " + e.getMessage(), e);
    }
  }

  Server server() {
    return server;
  }

  /** How long a read may take; without an answer until then, the connection is of no use. */
  void patience(Duration most) throws IOException {
    socket.setSoTimeout(Math.clamp(most.toMillis(), 1, Integer.MAX_VALUE));
  }

  /**
   * @throws RedisErrorException if the reply is an error
   */
  String text(String... command) throws IOException {
    return String.valueOf(ask(command));
  }

  /** Text, a number, null, or a list of these. */
  @Nullable Object ask(String... command) throws IOException {
    send(command);
    return reply();
  }

  void send(String... command) throws IOException {
    StringBuilder text = new StringBuilder("*").append(command.length).append("\r\n");
    for (String word : command) {
      text.append('$')
          .append(word.getBytes(StandardCharsets.UTF_8).length)
          .append("\r\n")
          .append(word)
          .append("\r\n");
    }
    socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable Object reply() throws IOException {
    String line = line();
    String rest = line.isEmpty() ? "" : line.substring(1);
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> rest;
      case '-' -> throw new RedisErrorException(server + ": " + rest);
      case ':' -> number(rest);
      case '$' -> bulk(number(rest));
      case '*' -> list(number(rest));
      default -> throw new IOException(server + " sends no reply, but: " + line);
    };
  }

  private @Nullable String bulk(long length) throws IOException {
    if (length < 0) {
      return null;
    }
    if (length > LONGEST_REPLY) {
      throw new IOException(server + " sends a reply of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length || !line().isEmpty()) {
      throw new EOFException(server + " ended in a reply");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private List<@Nullable Object> list(long size) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      elements.add(reply());
    }
    return elements;
  }

  private long number(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(server + " sends no number, but: " + text, e);
    }
  }

  /** Without its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException(server + " closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
      if (line.length() > LONGEST_LINE) {
        throw new IOException(server + " sends a line without an end");
      }
    }
    return line.toString();
  }

  InputStream in() {
    return in;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // nothing more is expected of it
    }
  }
}
