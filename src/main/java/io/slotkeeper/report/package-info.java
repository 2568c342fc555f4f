/** Builds the status and the events of a Redis. Pure. */
@NullMarked
package io.slotkeeper.report;

import org.jspecify.annotations.NullMarked;
