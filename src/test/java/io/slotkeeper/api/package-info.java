@NullMarked
package io.slotkeeper.api;

import org.jspecify.annotations.NullMarked;
