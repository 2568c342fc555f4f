@NullMarked
package io.slotkeeper.app;

import org.jspecify.annotations.NullMarked;
