@NullMarked
package io.slotkeeper.kubernetes;

import org.jspecify.annotations.NullMarked;
