/** The Kubernetes objects of mode Sentinel. */
@NullMarked
package io.slotkeeper.mode.sentinel.resources;

import org.jspecify.annotations.NullMarked;
