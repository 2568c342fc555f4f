package io.slotkeeper.resources;

import io.slotkeeper.api.Mode;
import io.slotkeeper.certificates.KeyMaterial;
import java.util.Map;
import java.util.TreeMap;

/** What servers with TLS have that others have not. */
public final class ServerTls {
  /** The file with the mode; absent where connections are not encrypted. */
  static final String MODE = "tls";

  /** The program by which scripts ask servers. */
  static final String CLI = "tls-cli";

  private ServerTls() {}

  /**
   * Of a server. Among themselves servers use TLS as soon as there is any: the bus is either plain
   * or not, and a replica finds its primary at one port. A client need not present a certificate;
   * one that does must have it of an authority that servers trust.
   */
  static Map<String, String> settings(Mode mode) {
    Map<String, String> settings = new TreeMap<>(files());
    settings.put("tls-port", Integer.toString(Ports.CLIENT_TLS));
    settings.put("tls-auth-clients", "optional");
    settings.put("tls-replication", "yes");
    if (mode == Mode.Cluster) {
      settings.put("tls-cluster", "yes");
    }
    return settings;
  }

  /** By the setting that names each. A server that is given these again reads them again. */
  public static Map<String, String> files() {
    return Map.of(
        "tls-cert-file", path(KeyMaterial.CERTIFICATE),
        "tls-key-file", path(KeyMaterial.KEY),
        "tls-ca-cert-file", path(KeyMaterial.AUTHORITIES));
  }

  private static String path(String key) {
    return ServerContainer.SECRETS_PATH + "/" + key;
  }
}
