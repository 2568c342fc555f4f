package io.slotkeeper.e2e.chaos;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.slotkeeper.resources.Labels;
import java.util.Comparator;
import java.util.List;

/** The pods of a Redis, as a watch has them. */
record Addresses(SharedIndexInformer<Pod> watch, String redis) {

  List<Pod> pods() {
    return watch.getStore().list().stream()
        .filter(pod -> redis.equals(pod.getMetadata().getLabels().get(Labels.REDIS)))
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  /** Of those that have one. */
  List<String> ips() {
    return pods().stream()
        .map(pod -> pod.getStatus().getPodIP())
        .filter(ip -> ip != null && !ip.isEmpty())
        .toList();
  }
}
