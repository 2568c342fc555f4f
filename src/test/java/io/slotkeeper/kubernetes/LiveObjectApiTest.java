package io.slotkeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.testing.FakeApiServer;
import io.slotkeeper.testing.FakeApiServer.Request;
import io.slotkeeper.testing.FakeApiServer.Response;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a controller writes meanwhile, what an apply leaves out goes. */
class LiveObjectApiTest {
  private static final ConfigMap WANTED =
      new ConfigMapBuilder()
          .withNewMetadata()
          .withNamespace("shop")
          .withName("cache")
          .endMetadata()
          .addToData("a", "1")
          .build();
  private static final String CONTROLLER = "{\"manager\":\"other\",\"operation\":\"Update\"}";
  private static final String CREATED =
      "{\"manager\":\"slotkeeper-create\",\"operation\":\"Update\"}";
  private static final String APPLIED = "{\"manager\":\"slotkeeper\",\"operation\":\"Apply\"}";

  private final FakeApiServer server = newServer();
  private final LiveObjectApi objects = new LiveObjectApi(server.client());
  private final Deque<Response> turns = new ArrayDeque<>();

  /** As the object is now. */
  private String stored = "";

  private static FakeApiServer newServer() {
    try {
      return new FakeApiServer();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void answer() {
    server.answer(request -> isTurn(request) ? turns.removeFirst() : new Response(200, stored));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theEntryOfACreateBecomesThatOfAnApply() {
    stored = map(CREATED);
    turns.add(new Response(200, map(APPLIED)));

    objects.create(WANTED);

    assertThat(sent()).containsExactly("create", "turn 0");
  }

  @Test
  void isFoundAgainWhereAControllerHasWrittenMeanwhile() {
    stored = map(CREATED);
    server.answer(request -> {
      if (!isTurn(request)) {
        return new Response(200, stored);
      }
      boolean first = stored.equals(map(CREATED));
      stored = map(CONTROLLER, CREATED);
      return first ? Response.refusal(422, "test failed") : new Response(200, map(APPLIED));
    });

    objects.create(WANTED);

    assertThat(sent()).containsExactly("create", "turn 0", "read", "turn 1");
  }

  @Test
  void anObjectIsCreatedEvenIfThatFails() {
    stored = map(CREATED);
    for (int i = 0; i < 5; i++) {
      turns.add(Response.refusal(422, "test failed"));
    }

    assertThat(objects.create(WANTED).getMetadata().getUid()).isEqualTo("u");
  }

  @Test
  void anApplyThatMeetsSuchAnEntryTurnsItAndIsSentAgain() {
    stored = map(APPLIED, CONTROLLER, CREATED);
    turns.add(new Response(200, map(CONTROLLER, APPLIED)));

    objects.apply(WANTED);

    assertThat(sent()).containsExactly("apply", "turn 2 without 0", "apply");
  }

  @Test
  void anApplyIsNotDoneWhileSuchAnEntryIsThere() {
    stored = map(APPLIED, CREATED);
    for (int i = 0; i < 5; i++) {
      turns.add(Response.refusal(422, "test failed"));
    }

    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> objects.apply(WANTED))
        .returns(409, KubernetesClientException::getCode);
  }

  @Test
  void anApplyIsOneCallOtherwise() {
    stored = map(APPLIED, CONTROLLER);

    objects.apply(WANTED);

    assertThat(sent()).containsExactly("apply");
  }

  private static boolean isTurn(Request request) {
    return request.method().equals("PATCH") && request.body().startsWith("[");
  }

  private static String map(String... entries) {
    return """
    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"shop","name":"cache",
    "uid":"u","resourceVersion":"7","managedFields":[%s]}}\
    """
        .formatted(String.join(",", entries));
  }

  private List<String> sent() {
    return server.requests().stream().map(LiveObjectApiTest::words).toList();
  }

  private static String words(Request request) {
    if (isTurn(request)) {
      return "turn "
          + entry(request, "test")
          + (request.body().contains("\"remove\"") ? " without " + entry(request, "remove") : "");
    }
    return switch (request.method()) {
      case "POST" -> "create";
      case "GET" -> "read";
      default -> "apply";
    };
  }

  /** The number of the entry in the first operation of that kind; its keys are in any order. */
  private static String entry(Request request, String kind) {
    Matcher operation = Pattern.compile("\\{[^}]*\\}").matcher(request.body());
    while (operation.find()) {
      Matcher number = Pattern.compile("managedFields/(\\d+)").matcher(operation.group());
      if (operation.group().contains('"' + kind + '"') && number.find()) {
        return number.group(1);
      }
    }
    return "?";
  }
}
