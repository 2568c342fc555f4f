package io.slotkeeper.mode.cluster.plan;

import io.slotkeeper.mode.cluster.observe.Member;
import io.slotkeeper.model.StatefulSetState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far pods follow the template of their StatefulSet.
 *
 * @param outdated pods that were created from an older template, by name
 * @param held those of them that are not replaced, as data would be lost; the value says why
 * @param unseen the StatefulSets whose controller has not seen the newest template yet: which of
 *     their pods are outdated is not known
 */
public record UpdateProgress(
    List<String> outdated, SortedMap<String, String> held, List<String> unseen) {

  public static final UpdateProgress NONE =
      new UpdateProgress(List.of(), new TreeMap<>(), List.of());

  public UpdateProgress {
    outdated = List.copyOf(outdated);
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    unseen = List.copyOf(unseen);
  }

  static UpdateProgress of(ClusterModel cluster) {
    List<String> outdated = new ArrayList<>();
    SortedMap<String, String> held = new TreeMap<>();
    cluster.view().members().stream()
        .map(Member::pod)
        .filter(cluster.view().inventory()::isOutdated)
        .forEach(pod -> {
          outdated.add(pod.name());
          if (Safeguards.of(cluster, pod).isEmpty()) {
            held.put(pod.name(), Safeguards.objection(cluster, pod));
          }
        });
    List<String> unseen =
        cluster.view().inventory().sets().values().stream()
            .filter(set -> set.revision() == null)
            .map(StatefulSetState::name)
            .sorted()
            .toList();
    return new UpdateProgress(outdated, held, unseen);
  }
}
