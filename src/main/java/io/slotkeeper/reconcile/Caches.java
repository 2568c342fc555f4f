package io.slotkeeper.reconcile;

import io.slotkeeper.model.KubernetesNode;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.AcceptedLosses;
import io.slotkeeper.observe.Inventory;
import io.slotkeeper.redis.cluster.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the watches have delivered of one Redis. It may be older than what is. */
public interface Caches {
  /** Of its servers. */
  List<PodState> pods();

  /** Asked for only in mode Sentinel. */
  List<SentinelPod> sentinels();

  /** The pods, by name, whose volume claim exists. */
  Set<String> claims();

  /** The node ids on the claims, by pod. */
  Map<String, NodeId> annotatedClaims();

  /** Its StatefulSets and claims. */
  Inventory inventory();

  /** All Kubernetes nodes; empty where unknown. */
  List<KubernetesNode> nodes();

  /** What the user has given up. */
  AcceptedLosses acceptedLosses();
}
