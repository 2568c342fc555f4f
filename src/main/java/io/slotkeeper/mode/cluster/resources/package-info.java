/** The Kubernetes objects that only cluster mode has. */
@NullMarked
package io.slotkeeper.mode.cluster.resources;

import org.jspecify.annotations.NullMarked;
