package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a PersistentVolumeClaim's spec that a user chooses; one claim is created per pod. */
@ApiObject
@ValidationRule(
    value =
        "has(self.storageClassName) == has(oldSelf.storageClassName)"
            + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
    message =
        "spec.storage.storageClassName cannot be changed: volumes cannot move to another class; create a new resource")
public record StorageSpec(
    @JsonPropertyDescription("The size of each volume.") @Required Resources resources,
    @JsonPropertyDescription(
            "The StorageClass of the volumes; the default class of the cluster if left out. Immutable.")
        @Size(min = 1, max = 253)
        @Nullable String storageClassName,
    @JsonPropertyDescription("How the volumes are mounted. Immutable.")
        @Default("[\"ReadWriteOnce\"]")
        @Size(min = 1, max = 3)
        @ValidationRule(
            value = "self == oldSelf",
            message = "spec.storage.accessModes cannot be changed: create a new resource")
        @ValidationRule(
            value =
                "self.all(mode, mode in ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'])",
            message =
                "spec.storage.accessModes must be of ReadWriteOnce, ReadWriteOncePod and ReadWriteMany: each pod writes to its own volume")
        List<String> accessModes) {

  private static final List<String> DEFAULT_ACCESS_MODES = List.of("ReadWriteOnce");

  public StorageSpec(
      Resources resources, @Nullable String storageClassName, @Nullable List<String> accessModes) {
    this.resources = Absent.required(resources, "resources");
    this.storageClassName = storageClassName;
    this.accessModes =
        accessModes == null || accessModes.isEmpty()
            ? DEFAULT_ACCESS_MODES
            : List.copyOf(accessModes);
  }

  /** As in a PersistentVolumeClaim; a limit has no meaning for a volume. */
  @ApiObject
  public record Resources(
      @JsonPropertyDescription("What each volume must offer.") @Required Requests requests) {

    public Resources {
      Absent.required(requests, "requests");
    }
  }

  /** As in a PersistentVolumeClaim. */
  @ApiObject
  @ValidationRule(
      value =
          "isQuantity(string(self.storage)) && quantity(string(self.storage)).isGreaterThan(quantity('0'))",
      message = "spec.storage.resources.requests.storage must be a positive quantity, such as 1Gi")
  public record Requests(
      @JsonPropertyDescription(
              "The size of each volume, for example 1Gi. Volumes grow, and never shrink: a smaller size takes back a growth that has not happened yet.")
          @Required
          Quantity storage) {

    public Requests {
      Absent.required(storage, "storage");
    }
  }
}
