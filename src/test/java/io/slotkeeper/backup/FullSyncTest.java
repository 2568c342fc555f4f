package io.slotkeeper.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two forms in which a server sends its data, in whatever pieces the network makes of it. */
class FullSyncTest {
  private static final byte[] MARK =
      "0123456789abcdefghij0123456789abcdefghij".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 39, 40, 41, 1000, 1 << 20})
  void dataEndsBeforeTheMark(int piece) throws IOException {
    // Begins as the mark does, more than once.
    byte[] data =
        ("012345" + "0123456789abcdefghij0123456789abcdefghi!".repeat(3) + "x".repeat(300_000))
            .getBytes(StandardCharsets.US_ASCII);

    InputStream in = new FullSync.UntilMark(pieces(joined(data, MARK), piece), MARK);

    assertThat(in.readAllBytes()).isEqualTo(data);
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void dataMayBeEmpty() throws IOException {
    assertThat(new FullSync.UntilMark(pieces(MARK, 13), MARK).readAllBytes()).isEmpty();
    assertThat(new FullSync.Exactly(pieces(MARK, 13), 0).readAllBytes()).isEmpty();
  }

  /** After each byte: it never passes for the whole. */
  @Test
  void whatBreaksOffIsAnError() {
    byte[] data = "REDIS0011 and some keys".getBytes(StandardCharsets.US_ASCII);
    byte[] all = joined(data, MARK);
    for (int length = 0; length < all.length; length++) {
      byte[] some = Arrays.copyOf(all, length);
      assertThatThrownBy(() -> new FullSync.UntilMark(pieces(some, 5), MARK).readAllBytes())
          .isInstanceOf(EOFException.class);
    }
    for (int length = 0; length < data.length; length++) {
      byte[] some = Arrays.copyOf(data, length);
      assertThatThrownBy(() -> new FullSync.Exactly(pieces(some, 5), data.length).readAllBytes())
          .isInstanceOf(EOFException.class);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static InputStream pieces(byte[] bytes, int size) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] to, int from, int length) {
        return super.read(to, from, Math.min(length, size));
      }
    };
  }
}
