@NullMarked
package io.slotkeeper.status;

import org.jspecify.annotations.NullMarked;
