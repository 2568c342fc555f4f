package io.slotkeeper.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection on which a server says what it says: no redirection is followed, errors are text. To
 * start {@code redis-cli} for each command takes a hundred times as long.
 */
public final class RawConnection implements AutoCloseable {
  private static final int TIMEOUT = 20_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  public RawConnection(String ip) {
    this(ip, RedisServers.PORT);
  }

  public RawConnection(String ip, int port) {
    try {
      socket.connect(new InetSocketAddress(ip, port), TIMEOUT);
      socket.setSoTimeout(TIMEOUT);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The reply as it is sent, without its length: "+OK", "-MOVED …", ":1", "$value"; "_" for nil.
   */
  public String ask(String... command) {
    return askAll(List.of(List.of(command))).getFirst();
  }

  /** The replies to commands that are sent at once. */
  public List<String> askAll(List<List<String>> commands) {
    StringBuilder text = new StringBuilder();
    for (List<String> command : commands) {
      text.append('*').append(command.size()).append("\r\n");
      for (String word : command) {
        text.append('$')
            .append(word.getBytes(StandardCharsets.UTF_8).length)
            .append("\r\n")
            .append(word)
            .append("\r\n");
      }
    }
    try {
      socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
      List<String> replies = new ArrayList<>();
      for (int i = 0; i < commands.size(); i++) {
        replies.add(reply());
      }
      return replies;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the server says next without being asked; of an array, its elements follow. */
  public String next() {
    try {
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String reply() throws IOException {
    String line = line();
    if (!line.startsWith("$")) {
      return line;
    }
    int length = Integer.parseInt(line.substring(1));
    if (length < 0) {
      return "_";
    }
    String value = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    String rest = line();
    if (!rest.isEmpty()) {
      throw new IOException("not the end of a value: " + rest);
    }
    return "$" + value;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection is closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
