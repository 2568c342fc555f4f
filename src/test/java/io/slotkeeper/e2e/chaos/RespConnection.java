package io.slotkeeper.e2e.chaos;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client of one server: just enough of the protocol, and independent of the operator's.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP 2</a>
 */
final class RespConnection implements AutoCloseable {

  /** The server answered, and refused. */
  static final class ErrorReply extends Exception {
    ErrorReply(String message) {
      super(message, null, false, false);
    }

    /** Its first word, for example MOVED. */
    String kind() {
      return words()[0];
    }

    /** Where a MOVED or an ASK sends the client, without the port. */
    String target() {
      return words()[2].substring(0, words()[2].lastIndexOf(':'));
    }

    private String[] words() {
      return String.valueOf(getMessage()).split(" ");
    }
  }

  /** As redis-cli writes what is not there. */
  private static final String NOTHING = "(nil)";

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  /**
   * @param timeout for the connection, and for each answer
   */
  RespConnection(ClusterNetwork network, String ip, int port, String password, Duration timeout)
      throws IOException, ErrorReply {
    channel = network.connect(new InetSocketAddress(ip, port), timeout);
    try {
      channel.socket().setSoTimeout(Math.toIntExact(timeout.toMillis()));
      in = new BufferedInputStream(channel.socket().getInputStream());
      out = channel.socket().getOutputStream();
      command("AUTH", password);
    } catch (IOException | ErrorReply e) {
      channel.close();
      throw e;
    }
  }

  Object command(String... words) throws IOException, ErrorReply {
    send(words);
    return receive();
  }

  /** The answer to a command that gives a text. */
  String text(String... words) throws IOException, ErrorReply {
    return String.valueOf(command(words));
  }

  void send(String... words) throws IOException {
    var message = new ByteArrayOutputStream();
    message.writeBytes(ascii("*" + words.length + "\r\n"));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      message.writeBytes(ascii("$" + bytes.length + "\r\n"));
      message.writeBytes(bytes);
      message.writeBytes(ascii("\r\n"));
    }
    out.write(message.toByteArray());
  }

  /** A String, a Long, or a List of these. */
  Object receive() throws IOException, ErrorReply {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '-' -> throw new ErrorReply(rest);
      case ':' -> Long.valueOf(rest);
      case '+' -> rest;
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> throw new IOException("not RESP: " + line);
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return NOTHING;
    }
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException();
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private List<Object> array(int length) throws IOException, ErrorReply {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      all.add(receive());
    }
    return all;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\r'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed");
      }
      line.append((char) next);
    }
    if (in.read() != '\n' || line.isEmpty()) {
      throw new IOException("not RESP: " + line);
    }
    return line.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
