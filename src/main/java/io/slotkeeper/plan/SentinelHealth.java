package io.slotkeeper.plan;

/**
 * The Sentinels, as far as they could be observed.
 *
 * @param wanted how many there should be
 * @param agreeing how many answer and name the primary
 * @param majority more than half of those wanted
 * @param reachable the Service leads to one of those that agree
 */
public record SentinelHealth(
    String masterName, int wanted, int agreeing, int majority, boolean reachable) {

  /** Clients find the primary, and a new one can be elected without the operator. */
  public boolean watched() {
    return agreeing >= majority && reachable;
  }

  public boolean complete() {
    return agreeing >= wanted;
  }
}
