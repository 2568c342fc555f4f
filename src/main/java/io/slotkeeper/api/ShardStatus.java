package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One shard as the servers see it. */
@ApiObject
public record ShardStatus(
    @JsonPropertyDescription("The name of the shard's StatefulSet.") @Required String name,
    @JsonPropertyDescription("The slots that the shard serves, for example 0-5460.")
        @Nullable String slots,
    @JsonPropertyDescription("The number of slots that the shard serves.") int slotCount,
    @JsonPropertyDescription("The pod that is master.") @Nullable String master,
    @JsonPropertyDescription("The pods that are replicas of the master.") List<String> replicas,
    @JsonPropertyDescription(
            "The replication ids that the data of this shard was last seen under; they tell a copy of it from a copy"
                + " of something else once the master is lost.")
        List<String> replicationIds,
    @JsonPropertyDescription("Whether the master held keys when it last answered.")
        boolean holdsKeys,
    @JsonPropertyDescription(
            "The node that last owned the slots of this shard, as far as the operator could see. A claim with"
                + " a smaller epoch is out of date, and does not count.")
        @Nullable ShardOwner owner,
    @JsonPropertyDescription(
            "The pods that had all of the shard's data at some time since they belong to it. What another pod finds on its"
                + " volume is from before it was scaled away.")
        List<String> copies) {

  public ShardStatus(
      String name,
      @Nullable String slots,
      int slotCount,
      @Nullable String master,
      @Nullable List<String> replicas,
      @Nullable List<String> replicationIds,
      boolean holdsKeys,
      @Nullable ShardOwner owner,
      @Nullable List<String> copies) {
    this.name = name;
    this.slots = Absent.toNull(slots);
    this.slotCount = slotCount;
    this.master = Absent.toNull(master);
    this.replicas = Absent.toEmpty(replicas);
    this.replicationIds = Absent.toEmpty(replicationIds);
    this.holdsKeys = holdsKeys;
    this.owner = owner;
    this.copies = Absent.toEmpty(copies);
  }

  /** A node that owned slots. */
  @ApiObject
  public record ShardOwner(
      @JsonPropertyDescription("Its node id in the cluster: 40 hexadecimal digits.")
          @Required
          @Pattern(MemberStatus.NODE_ID)
          String node,
      @JsonPropertyDescription("The configuration epoch that it owned them with.") long epoch,
      @JsonPropertyDescription("The slots, for example 0-5460.") @Required String slots) {

    public ShardOwner(String node, long epoch, String slots) {
      this.node = Absent.required(node, "node");
      this.epoch = epoch;
      this.slots = Absent.required(slots, "slots");
    }
  }
}
