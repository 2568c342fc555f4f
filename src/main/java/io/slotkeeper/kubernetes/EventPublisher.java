package io.slotkeeper.kubernetes;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.slotkeeper.api.Redis;
import io.slotkeeper.reasons.EventRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events ({@code events.k8s.io/v1}). One that cannot be written is only logged. */
public final class EventPublisher {
  private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** The API server refuses longer notes (validation of events.k8s.io/v1). */
  private static final int LONGEST_NOTE = 1024;

  private final KubernetesClient client;
  private final String instance;
  private final InstantSource clock;

  public EventPublisher(KubernetesClient client, String instance, InstantSource clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  public void publish(Redis redis, List<EventRecord> notices) {
    Instant now = clock.instant();
    for (EventRecord notice : notices) {
      log.atInfo()
          .addKeyValue("reason", notice.reason())
          .addKeyValue("warning", notice.warning())
          .log(notice.note());
      try {
        client.resource(event(redis, notice, now)).create();
      } catch (KubernetesClientException e) {
        log.atWarn()
            .addKeyValue("reason", notice.reason())
            .addKeyValue("code", e.getCode())
            .log("event not written");
      }
      now = now.plusNanos(1000);
    }
  }

  private Event event(Redis redis, EventRecord notice, Instant now) {
    String note = notice.note();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(redis.getMetadata().getNamespace())
        .withName(redis.getMetadata().getName() + "." + sortable(now))
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(now)))
        .withType(notice.warning() ? "Warning" : "Normal")
        .withReason(notice.reason())
        .withAction(notice.action())
        .withNote(note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + "…")
        .withReportingController("slotkeeper.io/operator")
        .withReportingInstance(instance)
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(redis.getApiVersion())
                .withKind(redis.getKind())
                .withNamespace(redis.getMetadata().getNamespace())
                .withName(redis.getMetadata().getName())
                .withUid(redis.getMetadata().getUid())
                .build())
        .build();
  }

  /** {@code kubectl describe} shows events of this API in the order of their names. */
  private static String sortable(Instant now) {
    return "%016x".formatted(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
  }
}
