/** Observes a Redis: asks every server once, and adds what is remembered. */
@NullMarked
package io.slotkeeper.observe;

import org.jspecify.annotations.NullMarked;
