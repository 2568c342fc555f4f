@NullMarked
package io.slotkeeper.docs;

import org.jspecify.annotations.NullMarked;
