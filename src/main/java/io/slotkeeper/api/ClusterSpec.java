package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/** The size of a Redis Cluster: {@code master * (1 + replicas)} pods. */
@ApiObject
public record ClusterSpec(
    @JsonPropertyDescription("The number of masters, which is the number of shards. Use 3 or more.")
        @Required
        @Min(1)
        @Max(MAX_MASTERS)
        @SpecReplicas
        int master,
    @JsonPropertyDescription("The number of replicas of each master, the master not counted.")
        @Default("0")
        @Min(0)
        @Max(MAX_REPLICAS)
        int replicas,
    @JsonPropertyDescription("How slots move when the number of masters changes.")
        MigrationSpec migration,
    @JsonPropertyDescription(
            "What shards have the same of once slots have moved: Slots, or Memory in use when the move began.")
        @Default("Slots")
        BalanceBy balanceBy) {

  /** The most shards, whose numbers begin at 0. */
  public static final int MAX_MASTERS = 1000;

  /** The most replicas of a master: the last pod of a shard has this ordinal. */
  public static final int MAX_REPLICAS = 5;

  public ClusterSpec(int master, int replicas) {
    this(master, replicas, null, null);
  }

  public ClusterSpec(
      int master, int replicas, @Nullable MigrationSpec migration, @Nullable BalanceBy balanceBy) {
    this.master = master;
    this.replicas = replicas;
    this.migration = migration == null ? MigrationSpec.DEFAULT : migration;
    this.balanceBy = balanceBy == null ? BalanceBy.Slots : balanceBy;
  }
}
