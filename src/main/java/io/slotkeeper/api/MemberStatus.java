package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A remembered fact: the node id that a pod was last proven to have, and where its server may run.
 */
@ApiObject
public record MemberStatus(
    @JsonPropertyDescription("The name of the pod.") @Required String pod,
    @JsonPropertyDescription("Its node id in the cluster: 40 hexadecimal digits.")
        @Required
        @Pattern(MemberStatus.NODE_ID)
        String id,
    @JsonPropertyDescription(
            "The Kubernetes nodes that its server may run on: where it was last proven, and where its pod was placed"
                + " since.")
        List<String> nodes,
    @JsonPropertyDescription(
            "The masters that this pod had before, that still own slots, and whose server may run on.")
        List<ReplacedMember> replaced) {

  static final String NODE_ID = "^[0-9a-f]{40}$";

  public MemberStatus(
      String pod,
      String id,
      @Nullable List<String> nodes,
      @Nullable List<ReplacedMember> replaced) {
    this.pod = Absent.required(pod, "pod");
    this.id = Absent.required(id, "id");
    this.nodes = Absent.toEmpty(nodes);
    this.replaced = Absent.toEmpty(replaced);
  }

  /** A node that is not in this pod any more. */
  @ApiObject
  public record ReplacedMember(
      @JsonPropertyDescription("Its node id in the cluster: 40 hexadecimal digits.")
          @Required
          @Pattern(MemberStatus.NODE_ID)
          String id,
      @JsonPropertyDescription("The Kubernetes nodes that its server may run on.")
          List<String> nodes) {

    public ReplacedMember(String id, @Nullable List<String> nodes) {
      this.id = Absent.required(id, "id");
      this.nodes = Absent.toEmpty(nodes);
    }
  }
}
