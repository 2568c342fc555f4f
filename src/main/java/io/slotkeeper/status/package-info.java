/** Telling: from what was seen, planned and done to the status, conditions and events. Pure. */
@NullMarked
package io.slotkeeper.status;

import org.jspecify.annotations.NullMarked;
