/**
 * What Kubernetes says of pods and nodes, and what was found: immutable, and the same for every
 * mode.
 */
@NullMarked
package io.slotkeeper.model;

import org.jspecify.annotations.NullMarked;
