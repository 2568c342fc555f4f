/** The modes of a Redis. */
@NullMarked
package io.slotkeeper.mode;

import org.jspecify.annotations.NullMarked;
