package io.slotkeeper.backup;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** versitygw, as a process, with one bucket. */
final class S3Server implements AutoCloseable {
  static final String BUCKET = "backups";
  static final String ACCESS_KEY = "AKIATESTS";
  static final String SECRET_KEY = "the-secret-of-the-tests";

  private final Process process;
  private final Path buckets;
  private final int port = freePort();

  S3Server(Path directory) throws IOException {
    buckets = directory.resolve("buckets");
    Files.createDirectories(buckets.resolve(BUCKET));
    ProcessBuilder builder =
        new ProcessBuilder(
                program().toString(), "--port", "127.0.0.1:" + port, "posix", buckets.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("versitygw.log").toFile());
    builder.environment().put("ROOT_ACCESS_KEY", ACCESS_KEY);
    builder.environment().put("ROOT_SECRET_KEY", SECRET_KEY);
    process = builder.start();
    await().atMost(Duration.ofSeconds(30)).until(this::listens);
  }

  private static Path program() throws IOException {
    String cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(path -> !path.isEmpty())
            .orElse(System.getProperty("user.home") + "/.cache");
    try (Stream<Path> programs = Files.list(Path.of(cache, "slotkeeper", "bin"))) {
      return programs
          .filter(path -> path.getFileName().toString().startsWith("versitygw-v"))
          .filter(Files::isExecutable)
          .findAny()
          .orElseThrow(() -> new IllegalStateException("there is no versitygw: run dev/versitygw"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where it keeps the bucket's objects, as files. */
  Path files() {
    return buckets.resolve(BUCKET);
  }

  S3Store store(String bucket, String secret) {
    return new S3Store(
        new S3Store.Place(bucket, "us-east-1", endpoint(), true, Optional.empty()),
        () -> AwsBasicCredentials.create(ACCESS_KEY, secret));
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
