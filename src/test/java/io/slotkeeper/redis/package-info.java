/** Tests of the protocol: parsers and failures alone, the client against real servers. */
@NullMarked
package io.slotkeeper.redis;

import org.jspecify.annotations.NullMarked;
