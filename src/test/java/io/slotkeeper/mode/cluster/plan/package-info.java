@NullMarked
package io.slotkeeper.mode.cluster.plan;

import org.jspecify.annotations.NullMarked;
