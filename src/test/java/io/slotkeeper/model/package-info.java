@NullMarked
package io.slotkeeper.model;

import org.jspecify.annotations.NullMarked;
