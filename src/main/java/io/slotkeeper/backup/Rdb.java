package io.slotkeeper.backup;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/** Writes the RDB file of one shard to a store, and reads it back. */
final class Rdb {
  private static final int BUFFER = 128 << 10;

  /** Both engines begin with their name (rdb.c). */
  private static final Map<String, byte[]> MAGIC =
      Map.of(
          "Redis",
          new byte[] {'R', 'E', 'D', 'I', 'S'},
          "Valkey",
          new byte[] {'V', 'A', 'L', 'K', 'E', 'Y'});

  private Rdb() {}

  /**
   * @param sha256 in hexadecimal
   */
  record Digest(long bytes, String sha256) {}

  record Written(Digest plain, Digest stored) {}

  static Written write(ObjectStore store, String name, InputStream data) throws IOException {
    Counter plain = new Counter();
    Counter stored = new Counter();
    store.put(
        name,
        out -> {
          OutputStream counted = new CountingOutput(out, stored);
          ZstdOutputStream zstd = new ZstdOutputStream(counted);
          byte[] buffer = new byte[BUFFER];
          for (int some = data.read(buffer); some >= 0; some = data.read(buffer)) {
            plain.add(buffer, 0, some);
            zstd.write(buffer, 0, some);
          }
          zstd.close();
        });
    return new Written(plain.digest(), stored.digest());
  }

  /**
   * Reads an object to its end, and the content to {@code to}.
   *
   * @throws IOException naming the object and what is wrong with it; what was written until then is
   *     not to be used
   */
  static void read(ObjectStore store, String directory, Manifest.Shard shard, OutputStream to)
      throws IOException {
    String name = directory + shard.object();
    Counter plain = new Counter();
    Counter stored = new Counter();
    try (InputStream in = store.get(name)) {
      CountingInput counted = new CountingInput(in, stored);
      InputStream zstd = new ZstdInputStream(counted);
      byte[] buffer = new byte[BUFFER];
      for (int some = zstd.read(buffer); some >= 0; some = zstd.read(buffer)) {
        if (plain.bytes == 0 && !isRdb(buffer, some)) {
          throw new IOException("it is no RDB file");
        }
        plain.add(buffer, 0, some);
        to.write(buffer, 0, some);
      }
      counted.drain(buffer);
    } catch (NoSuchFileException e) {
      throw new IOException("object " + name + " is missing", e);
    } catch (RuntimeException e) { // MalformedInputException of the decompressor
      throw new IOException("object " + name + " is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("object " + name + " cannot be read: " + e.getMessage(), e);
    }
    require(name, "stored", new Digest(shard.storedBytes(), shard.storedSha256()), stored.digest());
    require(name, "uncompressed", new Digest(shard.bytes(), shard.sha256()), plain.digest());
  }

  private static void require(String name, String what, Digest expected, Digest found)
      throws IOException {
    if (expected.bytes() != found.bytes()) {
      throw new IOException(
          "object %s is damaged: it has %d bytes %s, not %d"
              .formatted(name, found.bytes(), what, expected.bytes()));
    }
    if (!Objects.equals(expected.sha256(), found.sha256())) {
      throw new IOException(
          "object %s is damaged: its checksum (%s) is not that of the manifest"
              .formatted(name, what));
    }
  }

  private static boolean isRdb(byte[] buffer, int length) {
    return MAGIC.values().stream()
        .anyMatch(magic ->
            length >= magic.length
                && java.util.Arrays.equals(buffer, 0, magic.length, magic, 0, magic.length));
  }

  private static final class Counter {
    private final MessageDigest digest = sha256();
    private long bytes;

    private void add(byte[] buffer, int from, int length) {
      digest.update(buffer, from, length);
      bytes += length;
    }

    private Digest digest() {
      return new Digest(bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has it", e);
      }
    }
  }

  private static final class CountingOutput extends FilterOutputStream {
    private final Counter counter;

    private CountingOutput(OutputStream out, Counter counter) {
      super(out);
      this.counter = counter;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      counter.add(bytes, from, length);
    }

    /** The store closes what it has given. */
    @Override
    public void close() throws IOException {
      flush();
    }
  }

  private static final class CountingInput extends FilterInputStream {
    private final Counter counter;

    private CountingInput(InputStream in, Counter counter) {
      super(in);
      this.counter = counter;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int some = in.read(bytes, from, length);
      if (some > 0) {
        counter.add(bytes, from, some);
      }
      return some;
    }

    /** What comes after the compressed data counts, too. */
    private void drain(byte[] buffer) throws IOException {
      for (int some = read(buffer, 0, buffer.length); some >= 0; ) {
        some = read(buffer, 0, buffer.length);
      }
    }
  }
}
