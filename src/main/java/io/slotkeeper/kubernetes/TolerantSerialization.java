package io.slotkeeper.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.slotkeeper.api.BackupSpec;
import io.slotkeeper.api.BackupStoreSpec;
import io.slotkeeper.api.Redis;
import io.slotkeeper.api.RedisBackup;
import io.slotkeeper.api.RedisBackupStore;
import io.slotkeeper.api.RedisSpec;
import io.slotkeeper.api.RedisUser;
import io.slotkeeper.api.RedisUserSpec;
import io.slotkeeper.api.RedisVersion;
import io.slotkeeper.api.RedisVersionSpec;
import io.slotkeeper.api.Unreadable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads each object separately, so that an unreadable one ends no watch: a watch that meets an
 * exception stops for good, for all objects of its kind. A spec of ours is read whole or not at
 * all, because a part of it would mean something else; the object then says why. From everything
 * else (a status, objects of Kubernetes) unreadable parts are left out.
 */
public final class TolerantSerialization extends SimpleModule {
  private static final long serialVersionUID = 1;
  private static final Logger log = LoggerFactory.getLogger(TolerantSerialization.class);

  /** How many parts of one object may be left out. */
  private static final int MOST_PARTS = 100;

  private static final String SPEC = "spec";

  TolerantSerialization() {
    setDeserializerModifier(
        new BeanDeserializerModifier() {
          private static final long serialVersionUID = 1;

          @Override
          public JsonDeserializer<?> modifyDeserializer(
              DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> strict) {
            return HasMetadata.class.isAssignableFrom(bean.getBeanClass())
                ? new OneByOne(strict)
                : strict;
          }
        });
  }

  /** For a client whose watches survive what they cannot read. */
  public static KubernetesSerialization serialization() {
    return new KubernetesSerialization(
        new ObjectMapper().registerModule(new TolerantSerialization()), true);
  }

  private static final class OneByOne extends DelegatingDeserializer {
    private static final long serialVersionUID = 1;

    private OneByOne(JsonDeserializer<?> strict) {
      super(strict);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> strict) {
      return new OneByOne(strict);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode object = context.readTree(parser);
      boolean ours = Unreadable.class.isAssignableFrom(handledType());
      JsonNode spec = ours && object instanceof ObjectNode fields ? fields.remove(SPEC) : null;
      Object read = withoutUnreadableParts(parser, context, object);
      switch (read) {
        case Redis redis -> redis.setSpec(spec(context, redis, spec, RedisSpec.class));
        case RedisUser user -> user.setSpec(spec(context, user, spec, RedisUserSpec.class));
        case RedisVersion version ->
            version.setSpec(spec(context, version, spec, RedisVersionSpec.class));
        case RedisBackup backup -> backup.setSpec(spec(context, backup, spec, BackupSpec.class));
        case RedisBackupStore store ->
            store.setSpec(spec(context, store, spec, BackupStoreSpec.class));
        default -> {}
      }
      return read;
    }

    private Object withoutUnreadableParts(
        JsonParser parser, DeserializationContext context, JsonNode object) throws IOException {
      for (int left = MOST_PARTS; ; left--) {
        try (JsonParser again = object.traverse(parser.getCodec())) {
          again.nextToken();
          return super.deserialize(again, context);
        } catch (JsonMappingException e) {
          if (left == 0 || !remove(object, e.getPath())) {
            throw e;
          }
          log.warn(
              "{} {}: left out, for it cannot be read: {}",
              object.path("kind").asText(handledType().getSimpleName()),
              object.at("/metadata/name").asText(),
              words(e));
        }
      }
    }

    private static <S> @Nullable S spec(
        DeserializationContext context, Unreadable of, @Nullable JsonNode spec, Class<S> type)
        throws IOException {
      if (spec == null || spec.isNull()) {
        of.setUnreadable(SPEC + " is missing");
        return null;
      }
      try {
        return context.readTreeAsValue(spec, type);
      } catch (JsonMappingException e) {
        e.prependPath(of, SPEC);
        of.setUnreadable(words(e));
        return null;
      }
    }
  }

  /** Removes what a path leads to; false where it leads to nothing. */
  private static boolean remove(JsonNode from, List<JsonMappingException.Reference> path) {
    JsonNode parent = from;
    for (int depth = 0; depth < path.size(); depth++) {
      JsonMappingException.Reference step = path.get(depth);
      boolean last = depth == path.size() - 1;
      JsonNode next =
          switch (parent) {
            case ObjectNode object when step.getFieldName() != null ->
                last ? object.remove(step.getFieldName()) : object.get(step.getFieldName());
            case ArrayNode array when step.getIndex() >= 0 ->
                last ? array.remove(step.getIndex()) : array.get(step.getIndex());
            default -> null;
          };
      if (next == null) {
        return false;
      }
      parent = next;
    }
    return !path.isEmpty();
  }

  /** "spec.mode: 'Ring' is none of Cluster, Standalone, Sentinel". */
  private static String words(JsonMappingException e) {
    StringBuilder field = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        field.append('[').append(step.getIndex()).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return field + ": " + cause(e);
  }

  private static String cause(JsonMappingException e) {
    if (e instanceof InvalidFormatException format
        && format.getTargetType() != null
        && format.getTargetType().isEnum()) {
      return "'%s' is none of %s"
          .formatted(
              format.getValue(),
              Arrays.stream(format.getTargetType().getEnumConstants())
                  .map(Object::toString)
                  .collect(Collectors.joining(", ")));
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof JsonMappingException mapping
        ? mapping.getOriginalMessage()
        : String.valueOf(root.getMessage());
  }
}
