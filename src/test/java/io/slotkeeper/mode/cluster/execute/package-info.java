@NullMarked
package io.slotkeeper.mode.cluster.execute;

import org.jspecify.annotations.NullMarked;
