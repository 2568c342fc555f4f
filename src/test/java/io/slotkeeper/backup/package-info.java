@NullMarked
package io.slotkeeper.backup;

import org.jspecify.annotations.NullMarked;
