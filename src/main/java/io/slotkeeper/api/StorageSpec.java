package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a PersistentVolumeClaim's spec that a user chooses; one claim is made per pod. */
@ApiObject
public record StorageSpec(
    @JsonPropertyDescription("The size of each volume.") @Required Resources resources,
    @JsonPropertyDescription(
            "The StorageClass of the volumes; the default class of the cluster if left out. Immutable.")
        @Nullable String storageClassName,
    @JsonPropertyDescription("How the volumes are mounted; ReadWriteOnce if left out. Immutable.")
        List<String> accessModes) {

  private static final List<String> DEFAULT_ACCESS_MODES = List.of("ReadWriteOnce");

  public StorageSpec(
      Resources resources, @Nullable String storageClassName, @Nullable List<String> accessModes) {
    this.resources = resources;
    this.storageClassName = storageClassName;
    this.accessModes =
        accessModes == null || accessModes.isEmpty()
            ? DEFAULT_ACCESS_MODES
            : List.copyOf(accessModes);
  }

  /** As in a PersistentVolumeClaim; a limit has no meaning for a volume. */
  @ApiObject
  public record Resources(
      @JsonPropertyDescription("What each volume must offer.") @Required Requests requests) {}

  /** As in a PersistentVolumeClaim. */
  @ApiObject
  public record Requests(
      @JsonPropertyDescription("The size of each volume, for example 1Gi. It can only grow.")
          @Required
          Quantity storage) {}
}
