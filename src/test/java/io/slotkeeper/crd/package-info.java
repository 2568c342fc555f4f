/** Makes the files that come from the records of {@code io.slotkeeper.api}. */
@NullMarked
package io.slotkeeper.crd;

import org.jspecify.annotations.NullMarked;
