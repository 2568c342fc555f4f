package io.slotkeeper.redis.lettuce;

import io.slotkeeper.redis.Handshakes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Handshakes with real servers. */
public final class TlsHandshakes implements Handshakes {
  private final Duration timeout;

  /**
   * @param timeout of connecting, and of each answer
   */
  public TlsHandshakes(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public Optional<String> presented(String ip, int port) {
    int millis = Math.toIntExact(timeout.toMillis());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(ip), port), millis);
      socket.setSoTimeout(millis);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anyone()}, null);
      try (SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(socket, ip, port, true)) {
        tls.startHandshake();
        return Optional.of(
            HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(tls.getSession().getPeerCertificates()[0].getEncoded())));
      }
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** The certificate is what is asked for, and nothing is entrusted to its owner. */
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
