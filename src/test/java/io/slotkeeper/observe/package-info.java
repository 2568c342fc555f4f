@NullMarked
package io.slotkeeper.observe;

import org.jspecify.annotations.NullMarked;
