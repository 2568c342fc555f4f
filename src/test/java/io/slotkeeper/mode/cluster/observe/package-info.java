@NullMarked
package io.slotkeeper.mode.cluster.observe;

import org.jspecify.annotations.NullMarked;
