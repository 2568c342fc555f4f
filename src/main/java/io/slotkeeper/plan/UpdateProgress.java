package io.slotkeeper.plan;

import io.slotkeeper.model.StatefulSetState;
import io.slotkeeper.observe.Member;
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

  public static UpdateProgress of(ModeModel model) {
    List<String> outdated = new ArrayList<>();
    SortedMap<String, String> held = new TreeMap<>();
    model.view().members().stream()
        .map(Member::pod)
        .filter(model.view().inventory()::isOutdated)
        .forEach(pod -> {
          outdated.add(pod.name());
          if (Safeguards.of(model, pod).isEmpty()) {
            held.put(pod.name(), Safeguards.objection(model, pod));
          }
        });
    List<String> unseen =
        model.view().inventory().sets().values().stream()
            .filter(set -> set.revision() == null)
            .map(StatefulSetState::name)
            .sorted()
            .toList();
    return new UpdateProgress(outdated, held, unseen);
  }
}
