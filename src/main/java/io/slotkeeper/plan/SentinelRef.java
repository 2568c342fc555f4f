package io.slotkeeper.plan;

/**
 * A Sentinel that was seen in a pod.
 *
 * @param id that it said it has: 40 hexadecimal digits, derived from the pod's name
 */
public record SentinelRef(String pod, String podUid, String ip, String id) {

  @Override
  public String toString() {
    return pod;
  }
}
