@org.jspecify.annotations.NullMarked
package io.slotkeeper.redis.migration;
