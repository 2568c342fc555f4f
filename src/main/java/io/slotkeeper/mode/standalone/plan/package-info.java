/**
 * Decides what to do with a Redis in mode Standalone: one primary, with or without replicas, and no
 * one but the operator to choose it. Pure.
 */
@NullMarked
package io.slotkeeper.mode.standalone.plan;

import org.jspecify.annotations.NullMarked;
