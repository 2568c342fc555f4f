package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.slotkeeper.api.Redis;
import io.slotkeeper.certificates.KeyMaterial;
import io.slotkeeper.resources.Names;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The Secrets with certificates: those that the operator makes, and those that users name. */
public final class TlsSecrets {
  private final SecretReads reads;

  public TlsSecrets(KubernetesClient client, InstantSource clock) {
    reads =
        new SecretReads(
            client,
            clock,
            Set.of(KeyMaterial.CERTIFICATE, KeyMaterial.KEY, KeyMaterial.AUTHORITIES));
  }

  /** Those that have the names of the ones that the operator makes; none are read without TLS. */
  public List<Secret> secrets(Redis redis) {
    // Of a resource that cannot be read it is not known whether it asks for TLS.
    if (redis.getUnreadable() == null && !redis.getSpec().effectiveTls().mode().encrypts()) {
      return List.of();
    }
    Names names = new Names(redis.getMetadata().getName());
    return Stream.of(names.tlsSecret(), names.authoritySecret())
        .flatMap(name -> reads.read(redis, name).stream())
        .toList();
  }

  /** The one that the user names; empty where there is none. */
  public Optional<Secret> referred(Redis redis, String name) {
    return reads.read(redis, name);
  }

  /** What was read is outdated. */
  public void reread(Redis redis) {
    reads.reread(redis);
  }

  public void retain(Set<String> uids) {
    reads.retain(uids);
  }
}
