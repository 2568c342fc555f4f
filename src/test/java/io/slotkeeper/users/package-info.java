@NullMarked
package io.slotkeeper.users;

import org.jspecify.annotations.NullMarked;
