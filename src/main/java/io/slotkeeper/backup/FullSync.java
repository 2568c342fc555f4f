package io.slotkeeper.backup;

import io.slotkeeper.redis.RedisErrorException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for its data as a new replica does, but for the RDB alone ({@code REPLCONF
 * rdb-only}, since 7.0): the server keeps no stream of later writes for it, and closes afterwards.
 *
 * <p>The server answers {@code +FULLRESYNC id offset} when it forks, at once if it is idle, as
 * {@code repl-diskless-sync-delay} is 0. Then comes the data (replication.c): {@code $length} and
 * as many bytes where the server has written a file first, or {@code $EOF:mark} (40 bytes), the
 * data and the mark again. Empty lines may come before, to keep the connection alive.
 */
final class FullSync implements AutoCloseable {
  private static final String END_MARKED = "$EOF:";
  private static final int MARK = 40;

  /** A server sends an empty line every second until it has forked and written. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /**
   * @param offset of the replication history that the data contains
   */
  record Start(String replicationId, long offset) {}

  private final Connection connection;

  FullSync(Server source, @Nullable String password) throws IOException {
    connection = new Connection(source, password);
    try {
      connection.ask("REPLCONF", "capa", "eof", "capa", "psync2");
      connection.ask("REPLCONF", "rdb-only", "1");
    } catch (IOException | RedisErrorException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Returns when the server has forked.
   *
   * @param most how long that may take
   * @throws java.net.SocketTimeoutException if it takes longer; this object is of no more use then
   */
  Start fork(Duration most) throws IOException {
    long end = System.nanoTime() + most.toNanos();
    connection.patience(most);
    connection.send("PSYNC", "?", "-1");
    String line = connection.line();
    while (line.isEmpty()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new java.net.SocketTimeoutException(connection.server() + " has not forked");
      }
      connection.patience(Duration.ofNanos(left));
      line = connection.line();
    }
    String[] words = line.split(" ", -1);
    if (words.length != 3 || !words[0].equals("+FULLRESYNC")) {
      throw new RedisErrorException(connection.server() + " sends no data: " + line);
    }
    return new Start(words[1], Long.parseLong(words[2]));
  }

  /** The data; it ends with an exception where the server breaks off. */
  InputStream data() throws IOException {
    connection.patience(SILENCE);
    String line = connection.line();
    while (line.isEmpty()) {
      line = connection.line();
    }
    if (line.startsWith(END_MARKED)) {
      String mark = line.substring(END_MARKED.length());
      if (mark.length() != MARK) {
        throw new IOException(connection.server() + " sends no mark of an end: " + line);
      }
      return new UntilMark(connection.in(), mark.getBytes(StandardCharsets.ISO_8859_1));
    }
    if (!line.startsWith("$")) {
      throw new IOException(connection.server() + " sends no data: " + line);
    }
    return new Exactly(connection.in(), Long.parseLong(line.substring(1)));
  }

  @Override
  public void close() {
    connection.close();
  }

  private static EOFException brokenOff() {
    return new EOFException("the server broke off before the end of its data");
  }

  /** Reads so many bytes, no fewer. */
  static final class Exactly extends InputStream {
    private final InputStream in;
    private long left;

    Exactly(InputStream in, long length) {
      this.in = in;
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int some = in.read(bytes, from, (int) Math.min(length, left));
      if (some < 0) {
        throw brokenOff();
      }
      left -= some;
      return some;
    }
  }

  /**
   * Reads up to a mark, which is the last that the server sends: the newest 40 bytes are held back
   * until it is known whether they are the mark.
   */
  static final class UntilMark extends InputStream {
    private final InputStream in;
    private final byte[] mark;
    private byte[] held = new byte[128 << 10];
    private int start;
    private int end;
    private boolean over;

    UntilMark(InputStream in, byte[] mark) {
      this.in = in;
      this.mark = mark;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      while (!over && end - start <= MARK) {
        fill();
      }
      int ready = over ? end - start : end - start - MARK;
      if (ready == 0) {
        return -1;
      }
      int some = Math.min(ready, length);
      System.arraycopy(held, start, bytes, from, some);
      start += some;
      return some;
    }

    private void fill() throws IOException {
      if (start > 0) {
        System.arraycopy(held, start, held, 0, end - start);
        end -= start;
        start = 0;
      }
      int some = in.read(held, end, held.length - end);
      if (some < 0) {
        throw brokenOff();
      }
      end += some;
      if (end >= MARK && Arrays.equals(held, end - MARK, end, mark, 0, MARK)) {
        end -= MARK;
        over = true;
      }
    }
  }
}
