package io.slotkeeper.backup;

import io.slotkeeper.backup.Task.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** Opens the store that a task names. */
final class Stores {
  private static final String ACCESS_KEY = "accessKeyId";
  private static final String SECRET_KEY = "secretAccessKey";

  private Stores() {}

  static ObjectStore open(Place place) throws IOException {
    if (place.volume() != null) {
      return new DirectoryStore(Path.of(place.volume()));
    }
    if (place.bucket() == null || place.credentials() == null) {
      throw new IllegalArgumentException("a store has a volume, or a bucket and credentials");
    }
    Path credentials = Path.of(place.credentials());
    return new S3Store(
        new S3Store.Place(
            place.bucket(),
            place.region() == null ? "us-east-1" : place.region(),
            place.endpoint() == null ? null : URI.create(place.endpoint()),
            place.pathStyle(),
            place.caFile() == null ? Optional.empty() : Optional.of(trust(place.caFile()))),
        // Read each time: they may be exchanged while a backup is being written.
        () ->
            AwsBasicCredentials.create(
                word(credentials.resolve(ACCESS_KEY)), word(credentials.resolve(SECRET_KEY))));
  }

  private static String word(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the credentials of the store lack " + file.getFileName(), e);
    }
  }

  private static TrustManager[] trust(String file) throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
      keys.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        keys.setCertificateEntry("ca-" + number++, each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(keys);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificates in PEM: " + file, e);
    }
  }
}
