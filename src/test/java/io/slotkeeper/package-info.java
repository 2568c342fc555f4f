/** Tests of the program as a whole. */
@NullMarked
package io.slotkeeper;

import org.jspecify.annotations.NullMarked;
