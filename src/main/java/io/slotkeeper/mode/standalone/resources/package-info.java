/** The Kubernetes objects of mode Standalone. */
@NullMarked
package io.slotkeeper.mode.standalone.resources;

import org.jspecify.annotations.NullMarked;
