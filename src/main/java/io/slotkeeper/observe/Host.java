package io.slotkeeper.observe;

/**
 * A node of Kubernetes: a machine that pods run on.
 *
 * @param ready its kubelet reports; otherwise what runs there may still run, or not
 * @param schedulable new pods may be put there
 */
public record Host(String name, boolean ready, boolean schedulable) {}
