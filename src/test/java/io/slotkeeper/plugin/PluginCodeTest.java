package io.slotkeeper.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.slotkeeper.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the plugin's own checks, so that one summary covers all tests. */
@Tag("kubernetes") // needs Go, as the local cluster does
class PluginCodeTest {

  /** Compiles every library that it uses, the first time. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Test
  void itsOwnTestsPass() {
    String output = Program.run(Map.of(), List.of("dev/plugin", "check"), DEADLINE).orFail();

    assertThat(output).contains("slotkeeper.io/kubectl-slotkeeper/internal/screen");
  }

  /** What krew would do: it compares the archive with its checksum, and takes the program of it. */
  @Test
  void aReleaseIsWhatItsManifestSays(@TempDir Path directory)
      throws IOException, NoSuchAlgorithmException {
    Program.run(
            Map.of(),
            List.of("dev/plugin", "release", directory.toString(), "linux/amd64"),
            DEADLINE)
        .orFail();

    JsonNode spec =
        Serialization.unmarshal(
                Files.readString(directory.resolve("slotkeeper.yaml")), JsonNode.class)
            .get("spec");
    JsonNode platform = spec.get("platforms").get(0);
    Path archive = directory.resolve("kubectl-slotkeeper_linux_amd64.tar.gz");
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
    assertThat(platform.get("sha256").asText()).isEqualTo(HexFormat.of().formatHex(digest));
    assertThat(platform.get("uri").asText()).endsWith("/" + archive.getFileName());
    Program.run(List.of("tar", "-xzf", archive.toString(), "-C", directory.toString())).orFail();
    String version =
        Program.run(
                List.of(directory.resolve(platform.get("bin").asText()).toString(), "--version"))
            .orFail();
    assertThat("v" + version.strip().replaceFirst(".* ", ""))
        .isEqualTo(spec.get("version").asText());
  }
}
