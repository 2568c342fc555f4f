/** What a Redis reports of itself, for every mode: conditions, reasons and events. */
@NullMarked
package io.slotkeeper.status;

import org.jspecify.annotations.NullMarked;
