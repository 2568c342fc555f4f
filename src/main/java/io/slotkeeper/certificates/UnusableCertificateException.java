package io.slotkeeper.certificates;

/** A certificate that servers must not get. The message says why, and never has any of a key. */
public final class UnusableCertificateException extends Exception {
  private static final long serialVersionUID = 1;

  private final Flaw flaw;

  /**
   * @param message goes on after "whose": "key tls.crt is empty"
   */
  UnusableCertificateException(Flaw flaw, String message) {
    super(message);
    this.flaw = flaw;
  }

  public Flaw flaw() {
    return flaw;
  }
}
