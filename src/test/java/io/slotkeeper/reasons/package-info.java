@NullMarked
package io.slotkeeper.reasons;

import org.jspecify.annotations.NullMarked;
