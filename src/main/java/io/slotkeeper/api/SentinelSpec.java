package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The size of a primary with replicas, and the Sentinels that watch it. */
@ApiObject
@ValidationRule(
    value = "!has(self.quorum) || self.quorum <= self.sentinels",
    message =
        "spec.sentinel.quorum is greater than spec.sentinel.sentinels: they could never agree that the primary is down")
public record SentinelSpec(
    @JsonPropertyDescription("The number of replicas, the primary not counted.")
        @Default("1")
        @Min(0)
        @Max(ClusterSpec.MAX_REPLICAS)
        int replicas,
    @JsonPropertyDescription(
            "The number of Sentinels, which vote: an odd number, as one more than that tolerates no further loss.")
        @Default("3")
        @Min(FEWEST_SENTINELS)
        @Max(MAX_SENTINELS)
        int sentinels,
    @JsonPropertyDescription(
            "How many Sentinels must find the primary down before they elect another; more than half if left out.")
        @Min(1)
        @Max(MAX_SENTINELS)
        @Nullable Integer quorum,
    @JsonPropertyDescription(
            "The name that clients ask the Sentinels for; the name of this resource if left out.")
        @Size(min = 1, max = 63)
        @Pattern("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")
        @Nullable String masterName,
    @JsonPropertyDescription(
            "Settings of the Sentinels by the name they have in sentinel.conf: down-after-milliseconds, failover-timeout, parallel-syncs, master-reboot-down-after-period. A change reaches running Sentinels at once.")
        @Size(max = 8)
        @ValidationRule(
            value =
                "self.all(key, key in ['down-after-milliseconds', 'failover-timeout', 'parallel-syncs', 'master-reboot-down-after-period'])",
            message =
                "spec.sentinel.config may set down-after-milliseconds, failover-timeout, parallel-syncs and master-reboot-down-after-period: remove the others")
        @ValidationRule(
            value = "self.all(key, self[key].matches('^(0|[1-9][0-9]{0,8})$'))",
            message =
                "spec.sentinel.config has a value that is no whole number: write digits alone")
        @ValidationRule(
            value =
                "self.all(key, key == 'master-reboot-down-after-period' || !self[key].startsWith('0'))",
            message =
                "spec.sentinel.config has a 0 where Sentinels take none: only master-reboot-down-after-period may be 0")
        Map<String, String> config,
    @JsonPropertyDescription("What to add to every pod of a Sentinel.") PodTemplate podTemplate) {

  /** With fewer, the loss of one keeps the others from electing a primary. */
  public static final int FEWEST_SENTINELS = 3;

  public static final int MAX_SENTINELS = 15;

  /** Of a resource that says nothing about its Sentinels. */
  public static final SentinelSpec DEFAULT =
      new SentinelSpec(1, FEWEST_SENTINELS, null, null, null, null);

  public SentinelSpec(
      int replicas,
      int sentinels,
      @Nullable Integer quorum,
      @Nullable String masterName,
      @Nullable Map<String, String> config,
      @Nullable PodTemplate podTemplate) {
    this.replicas = replicas;
    this.sentinels = sentinels;
    this.quorum = quorum;
    this.masterName = masterName;
    this.config = Absent.toEmpty(config);
    this.podTemplate = Objects.requireNonNullElse(podTemplate, PodTemplate.NONE);
  }

  /** As asked for, or more than half. */
  public int effectiveQuorum() {
    return quorum == null ? sentinels / 2 + 1 : quorum;
  }
}
