/** The protocol over the network; the only package that knows Lettuce. */
@NullMarked
package io.slotkeeper.redis.lettuce;

import org.jspecify.annotations.NullMarked;
