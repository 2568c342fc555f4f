package io.slotkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.reconcile.ServedPasswords.Situation;
import io.slotkeeper.resources.ServerPasswords;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which passwords the Secrets get, from what they have and what servers have taken. */
class ServedPasswordsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration OVERLAP = Duration.ofHours(1);

  private @Nullable ServerPasswords stored = ServerPasswords.of("old", "");
  private @Nullable String wished = "old";
  private boolean generated = false;
  private boolean running = true;
  private @Nullable String login = "old";
  private boolean accepted = true;
  private boolean taken = true;
  private String rotation = "";
  private Instant now = NOW;

  private ServedPasswords decide() {
    return ServedPasswords.decide(
        new Situation(
            Optional.ofNullable(stored),
            Optional.ofNullable(wished),
            generated,
            running,
            Optional.ofNullable(login),
            accepted,
            taken,
            rotation,
            OVERLAP,
            now),
        () -> "fresh");
  }

  private static ServerPasswords both(String current, String previous) {
    return new ServerPasswords(
        current, Optional.of(previous), Optional.of(NOW.plus(OVERLAP)), "", Optional.of(NOW));
  }

  @Test
  void theFirstServersStartWithWhatIsWished() {
    stored = null;
    running = false;
    generated = true;
    rotation = "asked before there was one";

    assertThat(decide().servers()).isEqualTo(ServerPasswords.of("old", rotation));
    assertThat(decide().published()).contains("old");
  }

  @Test
  void withoutAChangeNothingChanges() {
    assertThat(decide().servers()).isEqualTo(stored);
    assertThat(decide().published()).isEmpty();
  }

  @Test
  void anotherOneIsServedWithTheFormerBesideIt() {
    wished = "new";
    taken = false;

    assertThat(decide().servers()).isEqualTo(both("new", "old"));
  }

  @Test
  void withoutAServerThatAcceptsTheFormerOneNothingIsReplaced() {
    wished = "new";
    taken = false;
    accepted = false;

    assertThat(decide().servers()).isEqualTo(stored);
  }

  @Test
  void aMissingOneChangesNothing() {
    wished = null;

    assertThat(decide().servers()).isEqualTo(stored);
  }

  @Test
  void theFormerOneStaysUntilItsTimeIsOver() {
    stored = both("new", "old");
    wished = "new";
    now = NOW.plus(OVERLAP).minusMillis(1);

    assertThat(decide().servers()).isEqualTo(stored);

    now = NOW.plus(OVERLAP);
    assertThat(decide().servers())
        .isEqualTo(
            new ServerPasswords("new", Optional.empty(), Optional.empty(), "", Optional.of(now)));
  }

  @Test
  void theFormerOneStaysWhileSomeServerMayNeedIt() {
    stored = both("new", "old");
    wished = "new";
    taken = false;
    now = NOW.plus(OVERLAP).plusSeconds(1);

    assertThat(decide().servers()).isEqualTo(stored);
  }

  @Test
  void aSecondChangeWaitsUntilTheFirstIsTaken() {
    stored = both("new", "old");
    wished = "newer";
    taken = false;
    assertThat(decide().servers()).isEqualTo(stored);

    taken = true;
    assertThat(decide().servers()).isEqualTo(both("newer", "new"));
  }

  @Test
  void aChangeThatIsTakenBackIsAChange() {
    stored = both("new", "old");

    assertThat(decide().servers()).isEqualTo(both("old", "new"));
  }

  @Test
  void aGeneratedOneIsReplacedOncePerValueOfTheAnnotation() {
    generated = true;
    rotation = "1";

    ServerPasswords next = decide().servers();
    assertThat(next.current()).isEqualTo("fresh");
    assertThat(next.previous()).contains("old");
    assertThat(next.rotation()).isEqualTo("1");

    stored = next;
    wished = "fresh";
    assertThat(decide().servers()).isEqualTo(next);
  }

  @Test
  void theAnnotationGeneratesNothingForAPasswordOfTheUser() {
    rotation = "1";

    assertThat(decide().servers()).isEqualTo(stored);
  }

  @Test
  void aGeneratedOneIsPublishedOnceAllServersHaveTakenIt() {
    generated = true;
    rotation = "1";
    assertThat(decide().published()).as("in the moment of the change").contains("old");
    stored = decide().servers();
    taken = false;
    assertThat(decide().published()).contains("old");
    assertThat(decide().servers()).isEqualTo(stored);

    taken = true;
    assertThat(decide().published()).contains("fresh");
    now = NOW.plus(OVERLAP);
    assertThat(decide().servers()).as("unpublished").isEqualTo(stored);
    wished = "fresh";
    assertThat(decide().servers().previous()).isEmpty();
    assertThat(decide().published()).contains("fresh");
  }

  /** What the user writes into it is not overwritten meanwhile. */
  @Test
  void aGeneratedSecretThatTheUserChangesIsFollowed() {
    generated = true;
    wished = "mine";

    assertThat(decide().servers()).isEqualTo(both("mine", "old"));
    assertThat(decide().published()).contains("mine");
    stored = decide().servers();
    taken = false;
    assertThat(decide().published()).contains("mine");
    wished = "mine again";
    assertThat(decide().published()).contains("mine again");
  }

  @Test
  void onceAllServersHaveStoppedTheNextNeedOneAlone() {
    stored = both("new", "old");
    wished = "newer";
    running = false;
    assertThat(decide().servers()).isEqualTo(ServerPasswords.of("newer", ""));

    generated = true;
    wished = "old";
    assertThat(decide().servers()).as("not published yet").isEqualTo(ServerPasswords.of("new", ""));
    assertThat(decide().published()).contains("new");
  }

  @Test
  void whereItIsGoneItIsMadeOfWhatServersAccept() {
    stored = null;
    wished = "new";

    assertThat(decide().servers()).isEqualTo(ServerPasswords.of("old", ""));
  }

  @Test
  void whatOthersHaveWrittenGivesWayToWhatServersAccept() {
    stored = ServerPasswords.of("by hand", "");
    wished = "new";
    taken = false;
    assertThat(decide().servers()).isEqualTo(ServerPasswords.of("old", ""));

    accepted = false;
    assertThat(decide().servers()).isEqualTo(stored);
  }

  @Test
  void withoutAuthenticationItStaysEmpty() {
    stored = ServerPasswords.of("", "");
    wished = null;
    login = null;

    assertThat(decide().servers()).isEqualTo(stored);
  }
}
