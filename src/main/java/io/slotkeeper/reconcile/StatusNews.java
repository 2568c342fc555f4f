package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.RedisStatus;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decides whether a status is written, and what follows from that. */
public final class StatusNews {

  private StatusNews() {}

  /**
   * Writes a status that differs from the one before. One that the API server does not take is no
   * reason to stop: the next pass has it again.
   *
   * @return whether the API server has it
   */
  public static boolean write(
      @Nullable RedisStatus before,
      RedisStatus after,
      Runnable write,
      Consumer<KubernetesClientException> refused) {
    if (after.equals(before)) {
      return true;
    }
    try {
      write.run();
      return true;
    } catch (KubernetesClientException e) {
      refused.accept(e);
      return false;
    }
  }
}
