package io.slotkeeper.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slotkeeper.backup.ObjectStore.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backup counts on, in every store. */
abstract class ObjectStoreContract {

  abstract ObjectStore store();

  /** None, less than a part of an upload, one part to the byte, and several. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1000, 8 << 20, (20 << 20) + 7})
  void whatIsPutCanBeRead(int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);

    store().put("a/b/" + size, out -> out.write(content));

    try (InputStream in = store().get("a/b/" + size)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(store().list("a/b/")).contains(new Stored("a/b/" + size, size));
  }

  @Test
  void whatBreaksOffIsNoObject() throws IOException {
    byte[] content = new byte[10 << 20];

    assertThatThrownBy(() ->
            store()
                .put(
                    "broken/off",
                    out -> {
                      out.write(content);
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");

    assertThat(store().list("broken/")).isEmpty();
    assertThatThrownBy(() -> store().get("broken/off")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whatBreaksOffLeavesTheFormerObject() throws IOException {
    store().put("former/one", out -> out.write('1'));

    assertThatThrownBy(() ->
            store()
                .put(
                    "former/one",
                    out -> {
                      throw new IOException("gone");
                    }))
        .hasMessage("gone");

    assertThat(text("former/one")).isEqualTo("1");
  }

  @Test
  void theFirstOfTwoCommits() throws IOException {
    assertThat(store().putIfAbsent("c/manifest", bytes("first"))).isTrue();
    assertThat(store().putIfAbsent("c/manifest", bytes("second"))).isFalse();

    assertThat(text("c/manifest")).isEqualTo("first");
    assertThat(store().list("c/")).containsExactly(new Stored("c/manifest", 5));
  }

  @Test
  void aListIsOfOneDirectory() throws IOException {
    for (String name : new String[] {"d/one/2", "d/one/1", "d/one-more/3"}) {
      store().put(name, out -> out.write(0));
    }

    assertThat(store().list("d/one/"))
        .extracting(Stored::name)
        .containsExactly("d/one/1", "d/one/2");
    assertThat(store().list("nowhere/")).isEmpty();
  }

  @Test
  void whatIsDeletedIsGone() throws IOException {
    store().put("e/f", out -> out.write(0));

    store().delete("e/f");
    store().delete("e/f");

    assertThat(store().list("e/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "a/../../b", "/etc/passwd", "a//b", "."})
  void noNameLeadsOutOfTheStore(String name) {
    assertThatThrownBy(() -> store().put(name, out -> out.write(0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().get(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().delete(name)).isInstanceOf(IllegalArgumentException.class);
  }

  private String text(String name) throws IOException {
    try (InputStream in = store().get(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
