/** Brings running servers up to date: settings and persistence, one server after the other. */
@NullMarked
package io.slotkeeper.livesettings;

import org.jspecify.annotations.NullMarked;
