package io.slotkeeper.redis.lettuce;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.slotkeeper.redis.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A client of Lettuce for each set of authorities, for these are options of a client; the threads
 * are shared.
 */
final class Clients {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ClientResources resources;
  private final Duration connectTimeout;
  private final InstantSource clock;
  private final RedisClient plain;
  private final Map<Trust, Used> encrypting = new ConcurrentHashMap<>();

  /** A client, and when it last made a connection. */
  private record Used(RedisClient client, Instant at) {}

  Clients(ClientResources resources, Duration connectTimeout, InstantSource clock) {
    this.resources = resources;
    this.connectTimeout = connectTimeout;
    this.clock = clock;
    plain = client(options());
  }

  /**
   * @param trust null for connections that are not encrypted
   */
  RedisClient of(@Nullable Trust trust) {
    if (trust == null) {
      return plain;
    }
    return encrypting
        .compute(
            trust,
            (_, known) ->
                new Used(known == null ? client(trusting(trust)) : known.client(), clock.instant()))
        .client();
  }

  /** Closes those without connections that have made none for this long. */
  void closeUnused(Set<Trust> used, Duration time) {
    Instant before = clock.instant().minus(time);
    for (Trust trust : encrypting.keySet()) {
      encrypting.computeIfPresent(
          trust,
          (_, known) -> {
            if (used.contains(trust) || known.at().isAfter(before)) {
              return known;
            }
            var _ = known.client().shutdownAsync();
            return null;
          });
    }
  }

  /** And with them every connection. */
  void close() {
    plain.shutdown(Duration.ZERO, GRACE);
    encrypting.values().forEach(used -> used.client().shutdown(Duration.ZERO, GRACE));
  }

  private RedisClient client(ClientOptions.Builder options) {
    RedisClient client = RedisClient.create(resources);
    client.setOptions(options.build());
    return client;
  }

  private ClientOptions.Builder trusting(Trust trust) {
    return options()
        .sslOptions(
            SslOptions.builder()
                .jdkSslProvider()
                .trustManager(managers(trust))
                .handshakeTimeout(connectTimeout)
                .build());
  }

  private static TrustManagerFactory managers(Trust trust) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(
                      trust.authorities().getBytes(StandardCharsets.US_ASCII)))) {
        store.setCertificateEntry(Integer.toString(number), certificate);
        number++;
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      return managers;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("these are no authorities", e);
    }
  }

  private ClientOptions.Builder options() {
    return ClientOptions.builder()
        .protocolVersion(ProtocolVersion.RESP2) // replies of one shape, whatever the server
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .pingBeforeActivateConnection(false) // the call itself shows what a PING would
        .timeoutOptions(TimeoutOptions.create()) // LettuceNode has one deadline for the whole call
        .socketOptions(SocketOptions.builder().connectTimeout(connectTimeout).build())
        .maintNotificationsConfig(MaintNotificationsConfig.disabled());
  }
}
