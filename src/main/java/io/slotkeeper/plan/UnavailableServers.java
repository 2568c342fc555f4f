package io.slotkeeper.plan;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.PodState.Trouble;
import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ServerAnswer;
import io.slotkeeper.redis.RedisUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a pod's server takes no part. Each advice is safe to follow word for word: deleting a running
 * pod may delete the only copy of its data, so no message here asks for that.
 */
public final class UnavailableServers {
  private static final int LONGEST_REPLY = 200;

  /** How long a claim of a new pod may take to be seen and bound. */
  private static final Duration CLAIM_TIME = Duration.ofSeconds(30);

  private static final Pattern CLAIM_TO_COME =
      Pattern.compile(
          "persistentvolumeclaim .* not found|unbound immediate PersistentVolumeClaims");

  private UnavailableServers() {}

  public static Finding finding(ModeModel model, Member member) {
    Optional<Finding> reply = reply(member);
    if (reply.isPresent()) {
      return reply.get();
    }
    if (model.view().isNodeNotReady(member.pod().node())) {
      return nodeNotReady(member.pod());
    }
    return trouble(member.pod(), model.view().at()).orElseGet(() -> silence(member));
  }

  /** The server is there, and reports why it does not serve us. */
  public static boolean answers(Member member) {
    return member.answer() instanceof ServerAnswer.Failed unseen && unseen.kind().answers();
  }

  /** Its server cannot write. */
  public static Finding disk(ModeModel model, PodState member, String error) {
    String pod = member.name();
    String way =
        model.view().claims().contains(pod)
            ? "If the volume is full, raise spec.storage.resources.requests.storage (its StorageClass must allow that), or remove keys."
            : "If the disk of its Kubernetes node is full, make room there, or remove keys.";
    return new Finding(
        Kind.DISK,
        "The server in pod %1$s cannot write its data to disk (%2$s), and may refuse writes until it can. Its log says why: `kubectl logs %1$s -c redis`. %3$s"
            .formatted(pod, error, way));
  }

  private static Finding nodeNotReady(PodState pod) {
    return new Finding(
        Kind.NODE_NOT_READY,
        "Kubernetes node %1$s is not Ready, and the server in pod %2$s does not answer; it may still run there. If that machine is switched off and will not come back, `kubectl taint node %1$s node.kubernetes.io/out-of-service=nodeshutdown:NoExecute` lets the pod start elsewhere, without the data that only that machine has. Never do so while it may still run."
            .formatted(pod.node(), pod.name()));
  }

  private static Optional<Finding> trouble(PodState pod, Instant now) {
    Trouble trouble = pod.trouble();
    if (trouble == null || isPassing(trouble, pod, now)) {
      return Optional.empty();
    }
    if (trouble.kind() == Trouble.Kind.OUT_OF_MEMORY
        && pod.container() == PodState.Container.RUNNING) {
      return Optional.empty(); // it has been restarted since
    }
    Kind kind =
        switch (trouble.kind()) {
          case REJECTED -> Kind.POD_REJECTED;
          case UNSCHEDULABLE -> Kind.UNSCHEDULABLE;
          case IMAGE -> Kind.IMAGE;
          case CRASHING -> Kind.CRASHING;
          case CONFIG -> Kind.POD_CONFIGURATION;
          case OUT_OF_MEMORY -> Kind.OUT_OF_MEMORY;
        };
    String end = trouble.message().endsWith(".") ? "" : ".";
    return Optional.of(new Finding(kind, "Pod " + pod.name() + ": " + trouble.message() + end));
  }

  /** The scheduler reports this for each new pod until it has seen the claim created with it. */
  private static boolean isPassing(Trouble trouble, PodState pod, Instant now) {
    return trouble.kind() == Trouble.Kind.UNSCHEDULABLE
        && CLAIM_TO_COME.matcher(trouble.message()).find()
        && pod.createdAt().plus(CLAIM_TIME).isAfter(now);
  }

  private static Optional<Finding> reply(Member member) {
    if (!(member.answer() instanceof ServerAnswer.Failed unseen)) {
      return Optional.empty();
    }
    String pod = member.pod().name();
    String said = quoted(unseen.message());
    return Optional.ofNullable(
        switch (unseen.kind()) {
          case REFUSED, TIMEOUT, CLOSED -> null;
          case LOADING ->
              new Finding(
                  Kind.WAITING,
                  "The server in pod %s is loading its data%s."
                      .formatted(
                          pod, unseen.message().replaceFirst("^.*reading its data set", "")));
          case BUSY -> busy(pod, unseen.message());
          case MAX_CLIENTS ->
              new Finding(
                  Kind.MAX_CLIENTS,
                  "The server in pod %s has as many connections as maxclients allows and refuses any more (%s), also the operator's. Have clients close some, first those that leak them: the server cannot be told of another maxclients while it takes no connection. After that, raise maxclients in spec.config where they need more."
                      .formatted(pod, said));
          case WRONG_PASSWORD ->
              new Finding(
                  Kind.WRONG_PASSWORD,
                  "The server in pod %s does not accept the password that the operator uses. Put the password that the running servers have into the Secret of spec.auth: `kubectl exec %1$s -c redis -- cat /run/slotkeeper/password` prints the one that this server was started with; where they differ, the one that most of them have. Do not restart pods to change a password: servers with different passwords cannot replicate."
                      .formatted(pod));
          case PASSWORD_REQUIRED ->
              new Finding(
                  Kind.WRONG_PASSWORD,
                  "The server in pod %s asks for a password, and the operator has none. Set spec.auth and its Secret to what they were when the server started."
                      .formatted(pod));
          case NO_PASSWORD ->
              new Finding(
                  Kind.WRONG_PASSWORD,
                  "The server in pod %s has no password, but spec.auth asks for one. Set spec.auth to what it was when the server started."
                      .formatted(pod));
          case NOT_PERMITTED ->
              new Finding(
                  Kind.NOT_PERMITTED,
                  "The server in pod %s forbids commands that the operator needs (%s). Give its user default the right to run all commands again."
                      .formatted(pod, said));
          case ERROR ->
              new Finding(
                  Kind.SERVER_ERROR,
                  "The server in pod %s answers the operator with an error (%s). It is alive, and nothing is done to it."
                      .formatted(pod, said));
        });
  }

  private static Finding busy(String pod, String reply) {
    String text =
        "The server in pod %s is busy with a %s and answers nothing else until that ends. It is alive, and nothing is done to it.";
    String way =
        " To end it: `kubectl exec %s -c redis -- redis-cli %s kill`; the server refuses that once the script has written.";
    if (reply.contains("FUNCTION KILL")) {
      return new Finding(
          Kind.BUSY, text.formatted(pod, "script (a function)") + way.formatted(pod, "function"));
    }
    return reply.contains("SCRIPT KILL")
        ? new Finding(Kind.BUSY, text.formatted(pod, "script") + way.formatted(pod, "script"))
        : new Finding(Kind.BUSY, text.formatted(pod, "command of a module"));
  }

  private static Finding silence(Member member) {
    String pod = member.pod().name();
    if (member.answer() instanceof ServerAnswer.Failed unseen
        && unseen.kind() == RedisUnavailableException.Kind.REFUSED
        && member.pod().container() == PodState.Container.RUNNING) {
      return new Finding(
          Kind.WAITING,
          "The server in pod %1$s does not listen yet; what it waits for is in its log: `kubectl logs %1$s -c redis`."
              .formatted(pod));
    }
    return new Finding(Kind.WAITING, "The server in pod " + pod + " does not answer yet.");
  }

  private static String quoted(String reply) {
    String line = reply.lines().findFirst().orElse("");
    return "\"%s\""
        .formatted(line.length() <= LONGEST_REPLY ? line : line.substring(0, LONGEST_REPLY) + "…");
  }
}
