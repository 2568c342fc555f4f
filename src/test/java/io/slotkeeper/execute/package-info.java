@NullMarked
package io.slotkeeper.execute;

import org.jspecify.annotations.NullMarked;
