package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the operator last saw of a user. */
@ApiObject
public record RedisUserStatus(
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The name that the user logs in with.") @Nullable String username,
    @JsonPropertyDescription(
            "How many servers have the user as it is wanted, of how many, for example 6/6.")
        @Nullable String applied,
    @JsonPropertyDescription(
            "Names the Secret with everything that an application needs to connect as this user.")
        @Nullable BindingStatus binding,
    @JsonPropertyDescription("What is true of the user, and what can be done about it.")
        List<Condition> conditions) {

  public RedisUserStatus(
      @Nullable Long observedGeneration,
      @Nullable String username,
      @Nullable String applied,
      @Nullable BindingStatus binding,
      @Nullable List<Condition> conditions) {
    this.observedGeneration = observedGeneration;
    this.username = Absent.toNull(username);
    this.applied = Absent.toNull(applied);
    this.binding = binding;
    this.conditions = List.copyOf(Objects.requireNonNullElse(conditions, List.of()));
  }
}
