package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator last saw. Everything except {@link #members} and the shards' replication ids
 * can be observed again; no decision rests on the rest.
 */
@ApiObject
public record RedisStatus(
    @JsonPropertyDescription("One word for people; machines read the conditions.")
        @Nullable Phase phase,
    @JsonPropertyDescription("The metadata.generation that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("What is true of the resource, and what the user can do about it.")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "The oldest server version that the pods run, for example 7.0.15; the last one known while none answers.")
        @Nullable String version,
    @JsonPropertyDescription("The number of shards that are there.") @StatusReplicas int shardCount,
    @JsonPropertyDescription("Ready pods of all pods wanted, for example 5/6.")
        @Nullable String readyPods,
    @JsonPropertyDescription(
            "The label selector of the masters that have slots, for the scale subresource: it matches as many pods as shardCount says.")
        @LabelSelector
        @Nullable String selector,
    @JsonPropertyDescription("The shards as the servers see them.") List<ShardStatus> shards,
    @JsonPropertyDescription(
            "The node id that each pod was last proven to have; it tells our nodes from strangers after a full"
                + " restart.")
        List<MemberStatus> members,
    @JsonPropertyDescription(
            "Slots on the move because the number of masters has changed, or the user asked; absent when none are.")
        @Nullable MigrationStatus migration,
    @JsonPropertyDescription(
            "The value of the annotation slotkeeper.io/rebalance that was last carried out.")
        @Nullable String lastRebalance,
    @JsonPropertyDescription(
            "The terminationPolicy that a deletion would carry out now. It follows spec.terminationPolicy as soon as"
                + " volumes and Secret are prepared for it; until then a deletion is refused.")
        @Nullable TerminationPolicy terminationPolicy,
    @JsonPropertyDescription(
            "What makes this resource a provisioned service of the Service Binding specification; absent until the Secret is there.")
        @Nullable BindingStatus binding,
    @JsonPropertyDescription("The certificate of the servers; absent without TLS.")
        @Nullable TlsStatus tls) {

  /** Nothing was written yet. */
  public static final RedisStatus EMPTY =
      new RedisStatus(null, null, null, null, 0, null, null, null, null, null, null);

  public RedisStatus(
      @Nullable Phase phase,
      @Nullable Long observedGeneration,
      @Nullable List<Condition> conditions,
      @Nullable String version,
      int shardCount,
      @Nullable String readyPods,
      @Nullable String selector,
      @Nullable List<ShardStatus> shards,
      @Nullable List<MemberStatus> members,
      @Nullable MigrationStatus migration,
      @Nullable String lastRebalance,
      @Nullable TerminationPolicy terminationPolicy,
      @Nullable BindingStatus binding,
      @Nullable TlsStatus tls) {
    this.phase = phase;
    this.observedGeneration = observedGeneration;
    this.conditions = Absent.toEmpty(conditions);
    this.version = Absent.toNull(version);
    this.shardCount = shardCount;
    this.readyPods = Absent.toNull(readyPods);
    this.selector = Absent.toNull(selector);
    this.shards = Absent.toEmpty(shards);
    this.members = Absent.toEmpty(members);
    this.migration = migration;
    this.lastRebalance = Absent.toNull(lastRebalance);
    this.terminationPolicy = terminationPolicy;
    this.binding = binding;
    this.tls = tls;
  }

  public RedisStatus(
      @Nullable Phase phase,
      @Nullable Long observedGeneration,
      @Nullable List<Condition> conditions,
      @Nullable String version,
      int shardCount,
      @Nullable String readyPods,
      @Nullable String selector,
      @Nullable List<ShardStatus> shards,
      @Nullable List<MemberStatus> members,
      @Nullable MigrationStatus migration,
      @Nullable String lastRebalance) {
    this(
        phase,
        observedGeneration,
        conditions,
        version,
        shardCount,
        readyPods,
        selector,
        shards,
        members,
        migration,
        lastRebalance,
        null,
        null,
        null);
  }

  /** The same, with the policy that is in force. */
  public RedisStatus withTerminationPolicy(@Nullable TerminationPolicy policy) {
    return with(phase, observedGeneration, conditions, members, policy, binding, tls);
  }

  /** The same, with the Secret for applications; null for none. */
  public RedisStatus withBinding(@Nullable BindingStatus secret) {
    return with(phase, observedGeneration, conditions, members, terminationPolicy, secret, tls);
  }

  /** The same, with the certificate of the servers; null for none. */
  public RedisStatus withTls(@Nullable TlsStatus certificate) {
    return with(
        phase, observedGeneration, conditions, members, terminationPolicy, binding, certificate);
  }

  public RedisStatus withConditions(List<Condition> others) {
    return with(phase, observedGeneration, others, members, terminationPolicy, binding, tls);
  }

  public RedisStatus withMembers(List<MemberStatus> others) {
    return with(phase, observedGeneration, conditions, others, terminationPolicy, binding, tls);
  }

  /** What is remembered, with another phase and other conditions of that generation. */
  public RedisStatus with(Phase now, long generation, List<Condition> others) {
    return with(now, generation, others, members, terminationPolicy, binding, tls);
  }

  private RedisStatus with(
      @Nullable Phase newPhase,
      @Nullable Long generation,
      List<Condition> newConditions,
      List<MemberStatus> newMembers,
      @Nullable TerminationPolicy policy,
      @Nullable BindingStatus newBinding,
      @Nullable TlsStatus newTls) {
    return new RedisStatus(
        newPhase,
        generation,
        newConditions,
        version,
        shardCount,
        readyPods,
        selector,
        shards,
        newMembers,
        migration,
        lastRebalance,
        policy,
        newBinding,
        newTls);
  }
}
