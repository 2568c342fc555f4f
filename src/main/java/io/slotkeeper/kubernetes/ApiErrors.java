package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;

/** Messages of the API server, without the address and the dump that the client adds. */
public final class ApiErrors {

  private ApiErrors() {}

  /** The message of the API server, or that it gave no answer. */
  public static String message(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    return isUnanswered(e)
        ? "the API server gives no answer"
        : Objects.requireNonNullElse(e.getMessage(), "the API server answers " + e.getCode());
  }

  /** The outcome of the request is unknown: it may have been carried out or not. */
  public static boolean isUnanswered(KubernetesClientException e) {
    return e.getCode() <= 0;
  }
}
