/**
 * Executes actions. Each is checked again on live answers right before: a plan is milliseconds old.
 */
@NullMarked
package io.slotkeeper.execute;

import org.jspecify.annotations.NullMarked;
