@NullMarked
package io.slotkeeper.operator;

import org.jspecify.annotations.NullMarked;
