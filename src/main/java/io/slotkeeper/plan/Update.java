package io.slotkeeper.plan;

import io.slotkeeper.observe.Member;
import io.slotkeeper.observe.ShardSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far pods follow the template of their StatefulSet.
 *
 * @param outdated pods that were made from an older template, by name
 * @param held those of them that are not replaced, for data would be lost; the value says why
 * @param unseen the StatefulSets whose controller has not seen the newest template yet: which of
 *     their pods are outdated is not known
 */
public record Update(List<String> outdated, SortedMap<String, String> held, List<String> unseen) {

  public static final Update NONE = new Update(List.of(), new TreeMap<>(), List.of());

  public Update {
    outdated = List.copyOf(outdated);
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    unseen = List.copyOf(unseen);
  }

  static Update of(Situation situation) {
    List<String> outdated = new ArrayList<>();
    SortedMap<String, String> held = new TreeMap<>();
    situation.view().members().stream()
        .map(Member::pod)
        .filter(situation.view().inventory()::isOutdated)
        .forEach(pod -> {
          outdated.add(pod.name());
          if (Safeguards.of(situation, pod).isEmpty()) {
            held.put(pod.name(), Safeguards.objection(situation, pod));
          }
        });
    List<String> unseen =
        situation.view().inventory().sets().values().stream()
            .filter(set -> set.revision() == null)
            .map(ShardSet::name)
            .sorted()
            .toList();
    return new Update(outdated, held, unseen);
  }
}
