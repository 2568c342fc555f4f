package io.slotkeeper.redis.lettuce;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Why servers closed connections before they were asked anything; the last reply of each. */
final class Refusals {
  private final Map<InetSocketAddress, Refusal> last = new ConcurrentHashMap<>();

  private record Refusal(String reply, long nanos) {}

  void add(InetSocketAddress server, String reply) {
    last.put(server, new Refusal(reply, System.nanoTime()));
  }

  /**
   * Why a call failed, if the server has said so since the call began.
   *
   * @param nanos by {@link System#nanoTime}
   */
  Optional<String> since(InetSocketAddress server, long nanos) {
    return Optional.ofNullable(last.get(server))
        .filter(refusal -> refusal.nanos() - nanos >= 0)
        .map(Refusal::reply);
  }

  /** Drops what no call will ask for. */
  void forgetBefore(long nanos) {
    last.values().removeIf(refusal -> refusal.nanos() - nanos < 0);
  }
}
