package io.slotkeeper.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.slotkeeper.redis.cluster.NodeId;
import io.slotkeeper.resources.Labels;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The PersistentVolumeClaim of a pod.
 *
 * @param bound it has a volume ({@code status.phase=Bound}); also false where it has lost it
 * @param terminating its deletion was requested: it goes, with its volume, when its pod does
 * @param id of the node that was last proven to be on its volume, null if none was
 * @param term of the primary that was last on its volume, 0 if none was
 */
public record ClaimState(
    String name, boolean bound, boolean terminating, @Nullable NodeId id, long term) {

  /** Others can write annotations: what is no number counts as none. */
  private static final Pattern TERM = Pattern.compile("[1-9]\\d{0,17}");

  public ClaimState(String name, boolean bound, boolean terminating, @Nullable NodeId id) {
    this(name, bound, terminating, id, 0);
  }

  public static ClaimState of(PersistentVolumeClaim claim) {
    return new ClaimState(
        claim.getMetadata().getName(),
        claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase()),
        claim.getMetadata().getDeletionTimestamp() != null,
        annotation(claim, Labels.NODE_ID).filter(NodeId::isValid).map(NodeId::new).orElse(null),
        annotation(claim, Labels.TERM)
            .filter(TERM.asMatchPredicate())
            .map(Long::parseLong)
            .orElse(0L));
  }

  private static Optional<String> annotation(PersistentVolumeClaim claim, String key) {
    return Optional.ofNullable(claim.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(key));
  }

  /** A new pod of the same name finds the volume as the former one left it. */
  public boolean stays() {
    return bound && !terminating;
  }
}
