package io.slotkeeper.redis.cluster;

/**
 * Where a node listens, as its peers know it.
 *
 * @param ip an IPv4 or IPv6 literal, without brackets
 * @param port the client port
 * @param busPort the cluster bus port
 */
public record NodeAddress(String ip, int port, int busPort) {}
