package io.slotkeeper.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the objects of a backup: nothing wrong is ever restored. */
class DamageTest {
  private static final String AT = "demo/orders/first/";
  private static final String OBJECT = "shard-0-1.rdb.zst";

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @BeforeEach
  void backup() throws IOException {
    byte[] rdb = new byte[1 << 20];
    new Random(1).nextBytes(rdb);
    System.arraycopy("REDIS0011".getBytes(StandardCharsets.US_ASCII), 0, rdb, 0, 9);
    DirectoryStore store = store();
    Rdb.Written written = Rdb.write(store, AT + OBJECT, new ByteArrayInputStream(rdb));
    Manifest.Shard shard =
        new Manifest.Shard(
            0,
            "0-16383",
            OBJECT,
            1,
            written.plain().bytes(),
            written.plain().sha256(),
            written.stored().bytes(),
            written.stored().sha256(),
            "id",
            1,
            "pod");
    assertThat(store.putIfAbsent(AT + Manifest.NAME, manifest(shard).json())).isTrue();
    assertThat(written.plain().bytes()).isEqualTo(rdb.length);
  }

  private static Manifest manifest(Manifest.Shard shard) {
    return new Manifest(
        Manifest.FORMAT,
        "uid",
        "demo/orders",
        "Cluster",
        "Redis",
        "8.6.3",
        "2026-12-01T02:00:00Z",
        "Cluster",
        11,
        1,
        shard.bytes(),
        shard.storedBytes(),
        List.of(shard));
  }

  private DirectoryStore store() {
    return new DirectoryStore(directory);
  }

  private Backups backups() {
    return new Backups(store(), InstantSource.system());
  }

  private Path object() {
    return directory.resolve(AT + OBJECT);
  }

  @Test
  void whatIsWholeIsRestored() throws IOException {
    assertThat(backups().check(AT)).isEqualTo(backups().restore(AT, directory.resolve("to")));
    assertThat(directory.resolve("to/shard-0/dump.rdb")).hasSize(1 << 20);
  }

  /** At the start, in the middle and in the last byte. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0001, 0.5, 0.9999, 1})
  void aByteThatChangesIsFound(double where) throws IOException {
    byte[] content = Files.readAllBytes(object());
    content[(int) (where * (content.length - 1))] ^= 0x10;
    Files.write(object(), content);

    refused("object " + AT + OBJECT + " ");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0001, 0.5, 0.9999})
  void whatIsCutOffIsFound(double kept) throws IOException {
    byte[] content = Files.readAllBytes(object());
    Files.write(object(), java.util.Arrays.copyOf(content, (int) (kept * content.length)));

    refused("object " + AT + OBJECT + " ");
  }

  @Test
  void whatIsAddedIsFound() throws IOException {
    byte[] content = Files.readAllBytes(object());
    Files.write(object(), java.util.Arrays.copyOf(content, content.length + 1));

    refused("object " + AT + OBJECT + " ");
  }

  @Test
  void anObjectThatIsMissingIsNamed() throws IOException {
    Files.delete(object());

    refused("object " + AT + OBJECT + " is missing");
  }

  @Test
  void withoutAManifestThereIsNoBackup() throws IOException {
    Files.delete(directory.resolve(AT + Manifest.NAME));

    refused("there is no backup in " + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"shards\": []}",
        "{\"format\": 1, \"shards\": [{}]}",
        "{\"format\": 1, \"shards\": [null]}",
        "{\"format\": 1, \"shards\": [{\"object\": \"../../../etc/passwd\"}]}",
        "{\"format\": 2, \"shards\": [{\"object\": \"a\"}]}"
      })
  void aManifestThatIsNoneIsSaid(String manifest) throws IOException {
    Files.writeString(directory.resolve(AT + Manifest.NAME), manifest);

    refused(AT + Manifest.NAME + " ");
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path file = directory.resolve("to/shard-0/dump.rdb");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "precious");

    assertThatThrownBy(() -> backups().restore(AT, directory.resolve("to")))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " exists already; choose an empty directory");
    assertThat(file).hasContent("precious");
  }

  @Test
  void whatIsDeletedLeavesNothing() throws IOException {
    backups().delete(AT);
    backups().delete(AT);

    assertThat(directory).isEmptyDirectory();
  }

  /** A volume that is full while a shard is written: no object, and the store's own words. */
  @Test
  void aFullStoreIsSaid() {
    ObjectStore full = new FullStore(store(), 100_000);
    byte[] rdb = new byte[1 << 20];
    new Random(2).nextBytes(rdb);

    assertThatThrownBy(() -> Rdb.write(full, "full/" + OBJECT, new ByteArrayInputStream(rdb)))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(directory.resolve("full/" + OBJECT)).doesNotExist();
  }

  private void refused(String message) {
    assertThatThrownBy(() -> backups().check(AT))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
    assertThatThrownBy(() -> backups().restore(AT, directory.resolve("to")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
    assertThat(directory.resolve("to/shard-0/dump.rdb")).doesNotExist();
    assertThat(directory.resolve("to/shard-0/dump.rdb.part")).doesNotExist();
  }
}
