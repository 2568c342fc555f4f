@NullMarked
package io.slotkeeper.act;

import org.jspecify.annotations.NullMarked;
