/**
 * The words of conditions and events, for every mode; {@code report} decides which of them are
 * true.
 */
@NullMarked
package io.slotkeeper.reasons;

import org.jspecify.annotations.NullMarked;
