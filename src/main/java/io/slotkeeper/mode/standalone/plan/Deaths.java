package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.model.PodState;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import java.util.Optional;

/** What proves that a primary is dead. Silence proves nothing: it may serve others. */
final class Deaths {

  private Deaths() {}

  /** In words that continue "pod x: "; empty where nothing proves it. */
  static Optional<String> evidence(StandaloneModel model, String pod) {
    Optional<Member> member = model.view().pod(pod);
    if (member.isEmpty()) {
      return Optional.of("pod " + pod + " is gone");
    }
    return switch (member.get().answer()) {
      case ServerAnswer.Answered _ -> Optional.of("its server was started again");
      case ServerAnswer.Failed unseen when unseen.lost() ->
          Optional.of("its server closed the connection and refuses a new one");
      case ServerAnswer.Failed unseen when unseen.kind() == Kind.REFUSED && isMissed(model) ->
          Optional.of("no process listens at its address, and its replicas miss it, too");
      case ServerAnswer.Failed unseen when unseen.kind().answers() -> Optional.empty();
      case ServerAnswer.Failed _ -> notRunning(member.get().pod());
      case ServerAnswer.NoAddress _ -> notRunning(member.get().pod());
    };
  }

  /** Every replica that answers has lost its link. */
  private static boolean isMissed(StandaloneModel model) {
    return model.servers().stream().anyMatch(Server::isLiveCopy)
        && model.servers().stream()
            .noneMatch(server -> !server.isMaster() && server.link().linkUp());
  }

  private static Optional<String> notRunning(PodState pod) {
    return switch (pod.container()) {
      case TERMINATED -> Optional.of("its container has ended");
      case WAITING -> Optional.of("its container has not started");
      case RUNNING -> Optional.empty();
    };
  }
}
