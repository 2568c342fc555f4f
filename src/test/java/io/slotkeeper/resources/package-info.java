@NullMarked
package io.slotkeeper.resources;

import org.jspecify.annotations.NullMarked;
