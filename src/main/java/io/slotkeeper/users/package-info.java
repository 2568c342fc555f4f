/** Keeps the users of running servers as RedisUsers ask for them. */
@NullMarked
package io.slotkeeper.users;

import org.jspecify.annotations.NullMarked;
