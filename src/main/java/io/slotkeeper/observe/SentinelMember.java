package io.slotkeeper.observe;

import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.redis.sentinel.SentinelSnapshot;
import java.util.Optional;

/**
 * The pod of a Sentinel and what was seen of it.
 *
 * @param snapshot empty where it did not answer
 * @param silence why it did not answer; empty where it did
 */
public record SentinelMember(
    SentinelPod pod, Optional<SentinelSnapshot> snapshot, String silence) {}
