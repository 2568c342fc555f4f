/** Slotkeeper: Redis and Valkey on Kubernetes, from one custom resource. */
@NullMarked
package io.slotkeeper;

import org.jspecify.annotations.NullMarked;
