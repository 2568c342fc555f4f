@NullMarked
package io.slotkeeper.report;

import org.jspecify.annotations.NullMarked;
