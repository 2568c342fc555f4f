/**
 * Pods and nodes as Kubernetes reports them, and findings: immutable, and the same for every mode.
 */
@NullMarked
package io.slotkeeper.model;

import org.jspecify.annotations.NullMarked;
