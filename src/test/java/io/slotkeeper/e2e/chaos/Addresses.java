package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.slotkeeper.resources.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The pods of a Redis, as a watch has them. */
record Addresses(SharedIndexInformer<Pod> watch, String redis) {

  /** Of its servers. */
  List<Pod> pods() {
    return with(Labels.selector(redis))
        .filter(pod -> pod.getMetadata().getLabels().containsKey(Labels.SHARD))
        .toList();
  }

  List<Pod> sentinels() {
    return with(Labels.sentinels(redis)).toList();
  }

  private Stream<Pod> with(Map<String, String> labels) {
    return watch.getStore().list().stream()
        .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()));
  }

  /** Of those that have one. */
  List<String> ips() {
    return pods().stream()
        .map(pod -> pod.getStatus().getPodIP())
        .filter(ip -> ip != null && !ip.isEmpty())
        .toList();
  }
}
