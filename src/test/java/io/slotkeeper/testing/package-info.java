/** What tests of several packages share. */
@NullMarked
package io.slotkeeper.testing;

import org.jspecify.annotations.NullMarked;
