@NullMarked
package io.slotkeeper.mode.cluster.status;

import org.jspecify.annotations.NullMarked;
