package io.slotkeeper.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An API server that keeps nothing: a test says what it answers, and sees what it was asked. By
 * default a patch is answered with its own body, as applying a new object is, and there is nothing
 * to read.
 */
public final class FakeApiServer implements AutoCloseable {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final ServerSocket socket;
  private final KubernetesClient client;
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<Request, @Nullable Response> answers = _ -> null;

  public record Request(String method, String path, @Nullable String query, String body) {
    public boolean is(String wantedMethod, String end) {
      return method.equals(wantedMethod) && path.endsWith(end);
    }
  }

  public record Response(int code, String body) {
    /** As the API server says no. */
    public static Response refusal(int code, String message) {
      return new Response(
          code,
          """
          {"kind":"Status","apiVersion":"v1","status":"Failure","message":"%s","code":%d}\
          """
              .formatted(message, code));
    }
  }

  public FakeApiServer() throws IOException {
    socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + socket.getLocalPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
  }

  public KubernetesClient client() {
    return client;
  }

  /**
   * @param function the answer to a request; null for the default
   */
  public void answer(Function<Request, @Nullable Response> function) {
    answers = function;
  }

  /** What it was asked so far. */
  public List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  public List<Request> requests(String method, String end) {
    return requests().stream().filter(request -> request.is(method, end)).toList();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> handle(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** One request, and the connection is closed. */
  private void handle(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      String[] first = line(in).split(" ", 3);
      int length = 0;
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
        }
      }
      URI uri = URI.create(first[1]);
      Request request =
          new Request(
              first[0],
              uri.getPath(),
              uri.getQuery(),
              new String(in.readNBytes(length), StandardCharsets.UTF_8));
      requests.add(request);
      Response response = answers.apply(request);
      if (response == null) {
        response = byDefault(request);
      }
      byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
      OutputStream out = connection.getOutputStream();
      out.write(
          "HTTP/1.1 %d -\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(response.code(), body.length)
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.flush();
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static Response byDefault(Request request) {
    return switch (request.method()) {
      case "GET" -> Response.refusal(404, "not found");
      case "DELETE" -> new Response(200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\"}");
      case "PATCH" -> identified(request);
      default -> new Response(200, request.body());
    };
  }

  /** As the API server answers: the object with a uid of its own. */
  private static Response identified(Request request) {
    try {
      JsonNode object = YAML.readTree(request.body());
      if (object.isArray()) { // a JSON patch, whose target is not kept here
        return new Response(200, "{\"metadata\":{}}");
      }
      if (object.path("metadata") instanceof ObjectNode metadata && !metadata.has("uid")) {
        metadata.put("uid", "uid of " + request.path()).put("resourceVersion", "1");
      }
      return new Response(200, object.toString());
    } catch (IOException e) {
      return Response.refusal(400, "no YAML: a key is too long, say");
    }
  }

  @Override
  public void close() {
    client.close();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
