@NullMarked
package io.slotkeeper.plan;

import org.jspecify.annotations.NullMarked;
