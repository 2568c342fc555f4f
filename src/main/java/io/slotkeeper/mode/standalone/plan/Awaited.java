package io.slotkeeper.mode.standalone.plan;

import io.slotkeeper.resources.Names;
import io.slotkeeper.resources.PodName;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A pod that may bring newer data than what there is, on its volume or in the memory of its server.
 * Until it does, nothing older is served.
 */
record Awaited(String pod) {

  /**
   * Also one that was not in sync: what it has may be newer than an old dump, or than nothing. But
   * a replica that was removed has no pod any more, and the primary led when that happened; only
   * where it is still remembered as in sync is that not sure.
   *
   * @param former the pod of the last primary, which is there or gone
   */
  static Optional<Awaited> find(StandaloneModel model, String former) {
    Set<String> pods = new TreeSet<>(model.view().remembered().members().keySet());
    pods.removeIf(pod -> !isPlaced(model, pod));
    pods.addAll(model.memory().data().copies());
    pods.addAll(model.topology().pods());
    return pods.stream()
        .filter(pod -> !pod.equals(former) && model.mayBring(pod))
        .map(Awaited::new)
        .findFirst();
  }

  /** It is there, or is to be. */
  static boolean isPlaced(StandaloneModel model, String pod) {
    return PodName.parse(pod).filter(model.view().inventory()::awaits).isPresent()
        || model.view().pod(pod).isPresent()
        || model.topology().pods().contains(pod);
  }

  /**
   * Sentences on what is waited for, and what the user can do.
   *
   * @param than what it may have more than, in words; empty where that was said
   * @param acceptance how to go on without it, in words that end a sentence
   */
  String message(StandaloneModel model, String than, String acceptance) {
    if (model.server(pod).isPresent()) {
      return "Pod %s is stopping, and may have more%s: nothing is served before it is gone, or back with its volume."
          .formatted(pod, than);
    }
    return isPlaced(model, pod)
        ? "Pod %s may have more%s: nothing is served until it answers. If it will not come back, %s"
            .formatted(pod, than, acceptance)
        : "Claim %s may have more%s, and has no pod: nothing is served without it. %s If it is not needed, %s"
            .formatted(Names.claimOfPod(pod), than, remedy(model, pod), acceptance);
  }

  /** How a claim gets a pod again. */
  static String remedy(StandaloneModel model, String pod) {
    return "Set %s to at least %d."
        .formatted(
            model.topology().replicasField(), PodName.parse(pod).map(PodName::ordinal).orElse(0));
  }
}
