package io.slotkeeper.plan;

/**
 * The Sentinels, as far as they could be observed.
 *
 * @param wanted how many there should be
 * @param agreeing how many answer and name the primary
 * @param majority more than half of those wanted
 */
public record SentinelHealth(String masterName, int wanted, int agreeing, int majority) {

  /** Clients find the primary, and a new one can be elected without the operator. */
  public boolean watched() {
    return agreeing >= majority;
  }

  public boolean complete() {
    return agreeing >= wanted;
  }
}
