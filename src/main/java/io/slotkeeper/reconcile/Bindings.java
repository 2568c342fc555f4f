package io.slotkeeper.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.slotkeeper.api.BindingStatus;
import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.kubernetes.ObjectApplier.Result;
import io.slotkeeper.kubernetes.OwnedObjects;
import io.slotkeeper.reasons.Problem;
import io.slotkeeper.reasons.Reason;
import io.slotkeeper.resources.BindingSecret;
import io.slotkeeper.resources.Owner;
import io.slotkeeper.resources.ResolvedSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Secret for applications. No server needs it: where its name is taken, a warning says so, and
 * all else goes on.
 */
final class Bindings {

  private Bindings() {}

  /**
   * The Secret that is to be; empty where that cannot be: something else has its name, or it is not
   * known yet which password servers accept.
   *
   * @param password that servers accept; empty where that is not known yet
   * @param authorities that clients are to trust; empty for none
   * @param warnings gets one where its name is taken
   */
  static Optional<HasMetadata> wanted(
      ResolvedSpec blueprint,
      Optional<String> password,
      String authorities,
      OwnedObjects owned,
      List<Problem> warnings) {
    Optional<String> accepted = blueprint.authSecret() == null ? Optional.of("") : password;
    Optional<HasMetadata> wanted =
        accepted.map(text -> BindingSecret.of(blueprint, text, authorities));
    Optional<HasMetadata> other = owned.strangeBinding();
    if (other.isEmpty()) {
      return wanted;
    }
    warnings.add(
        new Problem(
            Reason.BindingNameTaken,
            "Secret %s is not of this Redis: %s. It is left alone, and applications find no binding. Rename or delete it."
                .formatted(
                    other.get().getMetadata().getName(), blueprint.owner().describe(other.get()))));
    return Optional.empty();
  }

  /**
   * For the status; null where there is none.
   *
   * @param applied what became of the objects in this pass; null where none was applied: then it is
   *     as before
   */
  static @Nullable BindingStatus status(
      Owner owner,
      OwnedObjects owned,
      @Nullable List<Result> applied,
      @Nullable RedisStatus before) {
    if (applied == null) {
      return before == null ? null : before.binding();
    }
    String name = owner.names().bindingSecret();
    boolean made =
        applied.stream()
            .anyMatch(result -> result.succeeded() && result.name().equals("Secret " + name));
    return made || owned.bindingSecret().isPresent() ? new BindingStatus(name) : null;
  }
}
