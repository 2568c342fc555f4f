/** The rules of mode Sentinel: those of mode Standalone, and what its Sentinels must know. */
@NullMarked
package io.slotkeeper.mode.sentinel.plan;

import org.jspecify.annotations.NullMarked;
