/**
 * Thinking: from what is wanted and what is there to what to do next. Pure: no clock, no call, no
 * memory of its own; the same view always gives the same plan.
 */
@NullMarked
package io.slotkeeper.plan;

import org.jspecify.annotations.NullMarked;
