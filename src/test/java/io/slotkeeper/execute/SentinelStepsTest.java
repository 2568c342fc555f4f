package io.slotkeeper.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.SentinelCommand;
import io.slotkeeper.plan.SentinelCommand.Announce;
import io.slotkeeper.plan.SentinelCommand.Monitor;
import io.slotkeeper.plan.SentinelRef;
import io.slotkeeper.redis.PasswordCommands;
import io.slotkeeper.redis.sentinel.Hello;
import io.slotkeeper.redis.sentinel.SentinelNode;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import io.slotkeeper.redis.sentinel.SentinelSnapshot.Monitored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is checked right before a Sentinel is sent a command, and what it is sent. */
class SentinelStepsTest {
  private static final SentinelRef SENTINEL = new SentinelRef("s-0", "uid-0", "10.0.1.0", "a");
  private static final SentinelRef PEER = new SentinelRef("s-1", "uid-1", "10.0.1.1", "b");

  private final Stage stage = Stage.standalone();
  private final List<String> sent = new ArrayList<>();
  private String id = "a";
  private Optional<Monitored> knows = known("10.9.9.9", 3);

  @BeforeEach
  void answer() {
    stage.sentinels = _ -> new Recording();
  }

  private static Optional<Monitored> known(String ip, long epoch) {
    return Optional.of(
        new Monitored(ip, 6379, "", epoch, 0, 2, false, false, Map.of(), List.of(), List.of()));
  }

  private Outcome tell(SentinelCommand command) {
    return stage.execute(new Action.TellSentinel(SENTINEL, command));
  }

  private Announce announce(String pod) {
    return new Announce("orders", stage.target(pod), 4, List.of(PEER));
  }

  @Test
  void theHelloOfAnotherAnnouncesThePrimary() {
    assertThat(tell(announce("m"))).isInstanceOf(Outcome.Done.class);
    assertThat(sent).containsExactly("hear 10.0.1.1,26379,b,4,orders,ip of m,6379,4");
  }

  @Test
  void aServerThatIsNoPrimaryAnyMoreIsNotAnnounced() {
    assertRefused(tell(announce("r")), "no primary any more");
  }

  @Test
  void anotherProcessThanThePlannedOneIsNotAnnounced() {
    Announce planned = announce("m");
    stage.pod("m").id = Stage.id(9);
    assertThat(tell(planned)).isInstanceOf(Outcome.Refused.class);
    assertThat(sent).isEmpty();
  }

  /** The Sentinels have elected another since the plan was made. */
  @Test
  void aNewerElectionIsNotOverruled() {
    knows = known("10.9.9.9", 4);
    assertRefused(tell(announce("m")), "it knows a newer primary, at 10.9.9.9");
  }

  @Test
  void anotherSentinelAtThisAddressIsLeftAlone() {
    id = "c";
    assertRefused(tell(announce("m")), "another Sentinel has the address");
    assertRefused(
        tell(new SentinelCommand.Configure("orders", Map.of("quorum", "3"))),
        "another Sentinel has the address");
  }

  @Test
  void aBlankOneMonitorsThePrimaryAndMeetsTheOthers() {
    knows = Optional.empty();
    assertThat(tell(monitor(false))).isInstanceOf(Outcome.Done.class);
    assertThat(sent)
        .containsExactly(
            "monitor orders ip of m 6379 2",
            "set orders {parallel-syncs=1}",
            "hear 10.0.1.1,26379,b,4,orders,ip of m,6379,4");
  }

  @Test
  void oneThatRemembersTooMuchForgetsAllFirst() {
    knows = known("ip of m", 4);
    assertThat(tell(monitor(true))).isInstanceOf(Outcome.Done.class);
    assertThat(sent.getFirst()).isEqualTo("remove orders");
    assertThat(sent).hasSize(4);
  }

  private Monitor monitor(boolean again) {
    return new Monitor(
        "orders", stage.target("m"), 4, 2, Map.of("parallel-syncs", "1"), List.of(PEER), again);
  }

  @Test
  void settingsAndNames() {
    tell(new SentinelCommand.Configure("orders", Map.of("quorum", "3")));
    tell(new SentinelCommand.Unmonitor("former"));
    assertThat(sent).containsExactly("set orders {quorum=3}", "remove former");
  }

  private void assertRefused(Outcome outcome, String reason) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).reason()).contains(reason);
    assertThat(sent).isEmpty();
  }

  private final class Recording implements SentinelNode {
    @Override
    public SentinelSnapshot look(String master) {
      return new SentinelSnapshot(id, knows, Set.of());
    }

    @Override
    public void monitor(String master, String ip, int port, int quorum) {
      sent.add("monitor %s %s %d %d".formatted(master, ip, port, quorum));
    }

    @Override
    public void remove(String master) {
      sent.add("remove " + master);
    }

    @Override
    public void set(String master, Map<String, String> settings) {
      sent.add("set %s %s".formatted(master, new TreeMap<>(settings)));
    }

    @Override
    public PasswordCommands passwords(String master) {
      throw new UnsupportedOperationException("not of this test");
    }

    @Override
    public void hear(Hello hello) {
      sent.add("hear " + hello.message());
    }
  }
}
