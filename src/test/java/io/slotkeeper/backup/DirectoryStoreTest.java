package io.slotkeeper.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends ObjectStoreContract {
  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @Override
  ObjectStore store() {
    return new DirectoryStore(directory);
  }

  @Test
  void whatACrashLeavesIsNoObject() throws IOException {
    Files.createDirectories(directory.resolve("a"));
    Files.writeString(directory.resolve("a/b.1234.part"), "half");

    assertThat(store().list("a/")).isEmpty();
  }

  @Test
  void emptyDirectoriesGo() throws IOException {
    store().put("a/b/c", out -> out.write(0));

    store().delete("a/b/c");

    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }
}
