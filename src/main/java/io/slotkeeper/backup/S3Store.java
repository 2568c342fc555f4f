package io.slotkeeper.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket that speaks S3. An object is uploaded in parts as it is written, so neither a disk nor
 * the memory ever holds all of it; it appears when the last part has arrived.
 */
public final class S3Store implements ObjectStore {
  /** Of one part: with 10,000 parts at most (S3), an object has up to 290 GB. */
  private static final int FIRST_PARTS = 8 << 20;

  private static final int LATER_PARTS = 32 << 20;
  private static final int LATER = 1_000;
  private static final int PRECONDITION_FAILED = 412;

  private final S3Client client;
  private final String bucket;

  /**
   * @param endpoint null for that of Amazon
   * @param pathStyle the bucket is a part of the path, not of the host's name
   * @param trusted the certification authorities of the endpoint; empty for those of the runtime
   */
  public record Place(
      String bucket,
      String region,
      @Nullable URI endpoint,
      boolean pathStyle,
      Optional<TrustManager[]> trusted) {}

  public S3Store(Place place, AwsCredentialsProvider credentials) {
    bucket = place.bucket();
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(10))
            .socketTimeout(Duration.ofSeconds(60));
    place.trusted().ifPresent(managers -> http.tlsTrustManagersProvider(() -> managers));
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(place.region()))
            .credentialsProvider(credentials)
            .forcePathStyle(place.pathStyle())
            // Checksums of our own are in the manifest; not every store understands those of S3.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .overrideConfiguration(settings ->
                settings
                    .apiCallAttemptTimeout(Duration.ofMinutes(2))
                    .apiCallTimeout(Duration.ofMinutes(10)))
            .httpClientBuilder(http);
    if (place.endpoint() != null) {
      builder.endpointOverride(place.endpoint());
    }
    client = builder.build();
  }

  @Override
  public void put(String name, Content content) throws IOException {
    Upload upload = new Upload(ObjectStore.checked(name));
    try {
      content.writeTo(upload);
      upload.complete();
    } finally {
      upload.abort();
    }
  }

  @Override
  public boolean putIfAbsent(String name, byte[] content) throws IOException {
    try {
      client.putObject(
          request -> request.bucket(bucket).key(ObjectStore.checked(name)).ifNoneMatch("*"),
          RequestBody.fromBytes(content));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED) {
        return false;
      }
      throw failed("write", name, e);
    } catch (SdkException e) {
      throw failed("write", name, e);
    }
  }

  @Override
  public InputStream get(String name) throws IOException {
    try {
      return client.getObject(request -> request.bucket(bucket).key(ObjectStore.checked(name)));
    } catch (NoSuchKeyException e) {
      throw (IOException) new NoSuchFileException(name).initCause(e);
    } catch (SdkException e) {
      throw failed("read", name, e);
    }
  }

  @Override
  public List<Stored> list(String prefix) throws IOException {
    return call(
        "list",
        prefix,
        () ->
            client
                .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
                .contents()
                .stream()
                .map(object -> new Stored(object.key(), object.size()))
                .toList());
  }

  @Override
  public void delete(String name) throws IOException {
    call(
        "delete",
        name,
        () ->
            client.deleteObject(request -> request.bucket(bucket).key(ObjectStore.checked(name))));
  }

  @Override
  public void close() {
    client.close();
  }

  private <T> T call(String verb, String name, Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (SdkException e) {
      throw failed(verb, name, e);
    }
  }

  /** In the store's own words: they say whether it is full, away or does not know the caller. */
  private IOException failed(String verb, String name, SdkException e) {
    return new IOException(
        "the store cannot %s '%s' in bucket %s: %s".formatted(verb, name, bucket, e.getMessage()),
        e);
  }

  /** Collects one part at a time. */
  private final class Upload extends OutputStream {
    private final String name;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[FIRST_PARTS];
    private int used;
    private @Nullable String id;

    private Upload(String name) {
      this.name = name;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int at = from;
      int left = length;
      while (left > 0) {
        if (used == buffer.length) {
          send();
        }
        int some = Math.min(left, buffer.length - used);
        System.arraycopy(bytes, at, buffer, used, some);
        used += some;
        at += some;
        left -= some;
      }
    }

    private void send() throws IOException {
      String upload =
          id != null
              ? id
              : call(
                  "write",
                  name,
                  () ->
                      client
                          .createMultipartUpload(request -> request.bucket(bucket).key(name))
                          .uploadId());
      id = upload;
      int number = parts.size() + 1;
      RequestBody body =
          RequestBody.fromByteBuffer(java.nio.ByteBuffer.wrap(buffer, 0, used).slice());
      String tag =
          call(
              "write",
              name,
              () ->
                  client
                      .uploadPart(
                          request ->
                              request.bucket(bucket).key(name).uploadId(upload).partNumber(number),
                          body)
                      .eTag());
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      used = 0;
      if (number == LATER) {
        buffer = new byte[LATER_PARTS];
      }
    }

    private void complete() throws IOException {
      if (id == null) {
        byte[] all = java.util.Arrays.copyOf(buffer, used);
        call(
            "write",
            name,
            () ->
                client.putObject(
                    request -> request.bucket(bucket).key(name), RequestBody.fromBytes(all)));
        return;
      }
      if (used > 0) {
        send();
      }
      String upload = id;
      call(
          "write",
          name,
          () ->
              client.completeMultipartUpload(request ->
                  request
                      .bucket(bucket)
                      .key(name)
                      .uploadId(upload)
                      .multipartUpload(all -> all.parts(parts))));
      id = null;
    }

    /** Without effect on what is complete. Parts cost money until they are removed. */
    private void abort() {
      String upload = id;
      if (upload != null) {
        try {
          client.abortMultipartUpload(request -> request.bucket(bucket).key(name).uploadId(upload));
        } catch (SdkException e) {
          // The cause is being thrown; a lifecycle rule of the bucket removes what is left.
        }
      }
    }
  }
}
