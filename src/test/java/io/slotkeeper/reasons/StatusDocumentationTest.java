package io.slotkeeper.reasons;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.api.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every word that a status can hold is explained in docs/status.md. */
class StatusDocumentationTest {
  private String page = "";

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(Path.of("docs/status.md"));
  }

  @Test
  void explainsEveryReason() {
    String table = page.substring(page.indexOf("## Reasons"), page.indexOf("## Events"));
    assertThat(Reason.values())
        .allSatisfy(reason -> assertThat(table).contains("`" + reason + "`"));
  }

  @Test
  void explainsEveryCondition() {
    assertThat(ConditionType.values())
        .allSatisfy(type -> assertThat(page).containsPattern("### (.*, )?" + type));
  }

  @Test
  void explainsEveryPhase() {
    assertThat(Phase.values())
        .allSatisfy(phase -> assertThat(page).contains("| `" + phase + "` |"));
  }
}
