package io.slotkeeper.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against a real S3 server. */
@Tag("servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3StoreTest extends ObjectStoreContract {
  @SuppressWarnings("NullAway.Init")
  private S3Server server;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    server = new S3Server(directory);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  ObjectStore store() {
    return server.store(S3Server.BUCKET, S3Server.SECRET_KEY);
  }

  @Test
  void wrongCredentialsAreSaidInTheStoresWords() {
    ObjectStore store = server.store(S3Server.BUCKET, "another secret");

    assertThatThrownBy(() -> store.put("a", out -> out.write(0)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the store cannot write 'a' in bucket backups: ")
        .hasMessageContaining("403")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("another secret"));
  }

  @Test
  void aBucketThatIsGoneIsNamed() {
    ObjectStore store = server.store("elsewhere", S3Server.SECRET_KEY);

    assertThatThrownBy(() -> store.list("a/"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the store cannot list 'a/' in bucket elsewhere: ")
        .hasMessageContaining("bucket does not exist");
  }

  @Test
  void aStoreThatIsAwayIsAnError(@TempDir Path directory) throws IOException {
    S3Server other = new S3Server(directory);
    ObjectStore store = other.store(S3Server.BUCKET, S3Server.SECRET_KEY);
    other.kill();

    assertThatThrownBy(() -> store.delete("a"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the store cannot delete 'a' in bucket backups: ");
  }
}
