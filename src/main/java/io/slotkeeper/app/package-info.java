/** The operator's process: its main class, its wiring, HTTP endpoints and leadership. */
@NullMarked
package io.slotkeeper.app;

import org.jspecify.annotations.NullMarked;
