/** The Kubernetes objects of mode Cluster. */
@NullMarked
package io.slotkeeper.mode.cluster.resources;

import org.jspecify.annotations.NullMarked;
