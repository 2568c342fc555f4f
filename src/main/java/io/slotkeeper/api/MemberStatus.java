package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A remembered fact: the node id that a pod was last proven to have. */
@ApiObject
public record MemberStatus(
    @JsonPropertyDescription("The name of the pod.") @Required String pod,
    @JsonPropertyDescription("Its node id in the cluster: 40 hexadecimal digits.") @Required
        String id) {}
