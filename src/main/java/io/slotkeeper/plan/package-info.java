/**
 * What a plan consists of, for every mode: actions, findings' context, health, and what is wanted.
 */
@NullMarked
package io.slotkeeper.plan;

import org.jspecify.annotations.NullMarked;
