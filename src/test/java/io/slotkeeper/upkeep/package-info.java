@NullMarked
package io.slotkeeper.upkeep;

import org.jspecify.annotations.NullMarked;
