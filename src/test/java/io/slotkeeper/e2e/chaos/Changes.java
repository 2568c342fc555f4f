package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.slotkeeper.e2e.chaos.Havoc.Done;
import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A user who changes the spec of a Redis, each time to something new. */
final class Changes {
  private static final String SETTING = "slowlog-max-len";
  private static final String ANNOTATION = "chaos";

  private final Subject subject;

  Changes(Subject subject) {
    this.subject = subject;
  }

  Done make(Fault.Change what) {
    // The generation goes up with each change.
    long next = 1 + subject.redis().resource().require().getMetadata().getGeneration();
    String value = Long.toString(next);
    return switch (what) {
      case SETTING -> {
        subject.redis().patch("config: {%s: \"%s\"}".formatted(SETTING, value));
        yield new Done("set %s to %s".formatted(SETTING, value), everyPod(pod -> has(pod, value)));
      }
      case POD_TEMPLATE -> {
        subject
            .redis()
            .patch(
                "podTemplate: {metadata: {annotations: {%s: \"%s\"}}}"
                    .formatted(ANNOTATION, value));
        yield new Done(
            "annotate the pod template with " + value,
            everyPod(pod -> value.equals(pod.getMetadata().getAnnotations().get(ANNOTATION))));
      }
    };
  }

  private BooleanSupplier everyPod(java.util.function.Predicate<Pod> is) {
    return () -> {
      List<Pod> pods = subject.pods();
      return !pods.isEmpty() && pods.stream().allMatch(is);
    };
  }

  private boolean has(Pod pod, String value) {
    try (var server = subject.servers().connect(pod)) {
      return ((List<?>) server.command("CONFIG", "GET", SETTING)).contains(value);
    } catch (IOException | ErrorReply e) {
      return false;
    }
  }
}
