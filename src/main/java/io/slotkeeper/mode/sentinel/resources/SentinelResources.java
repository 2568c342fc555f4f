package io.slotkeeper.mode.sentinel.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.mode.standalone.resources.StandaloneResources;
import io.slotkeeper.resources.ResolvedSpec;
import java.util.ArrayList;
import java.util.List;

/** All objects of one Redis except its Secrets, which need a password. */
public final class SentinelResources {

  private SentinelResources() {}

  /**
   * Those of a Standalone, and those of the Sentinels.
   *
   * @param operatorNamespace where the operator's own pods run
   */
  public static List<HasMetadata> of(ResolvedSpec redis, String operatorNamespace) {
    List<HasMetadata> objects = new ArrayList<>(StandaloneResources.of(redis, operatorNamespace));
    objects.add(SentinelService.of(redis));
    objects.add(SentinelDisruptionBudget.of(redis));
    objects.add(SentinelStatefulSet.of(redis));
    return objects;
  }
}
