package io.slotkeeper.reasons;

/** What keeps the spec of a resource from being carried out at all. */
public record Problem(Reason reason, String message) {}
