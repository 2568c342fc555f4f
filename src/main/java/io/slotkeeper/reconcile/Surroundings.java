package io.slotkeeper.reconcile;

import io.slotkeeper.api.RedisStatus;
import io.slotkeeper.execute.Outcome;
import io.slotkeeper.livesettings.LiveSettings;
import io.slotkeeper.livesettings.LiveSettings.Missing;
import io.slotkeeper.model.Finding;
import io.slotkeeper.model.PodState;
import io.slotkeeper.model.SentinelPod;
import io.slotkeeper.observe.ClusterView;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.reasons.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one {@link Pass} finds around one Redis, and does there, besides looking at its servers and
 * acting on them. The methods stand in the order in which a pass calls them. An exception of one
 * that is a stage becomes a problem in the status; one of another ends the pass.
 */
public interface Surroundings {
  /** Of the Redis. */
  String uid();

  /** As it was last written or watched; null for none. */
  @Nullable RedisStatus status();

  /**
   * What the Redis asks for. Not a stage, but made of some.
   *
   * @param stages runs them
   */
  Goal resolve(Stages.Run stages);

  Caches caches();

  /** The pass is about to ask the servers. Part of the stage that does. */
  void looking(Goal goal, List<PodState> pods, List<SentinelPod> sentinels);

  /** They were asked. Part of the same stage. */
  void looked(ClusterView view);

  /** What of the goal may be carried out, now that the servers were seen. */
  Goal permitted(Goal goal, ClusterView view);

  /** Brings the Kubernetes objects to what was permitted. A stage. */
  void provide();

  /** Reports the objects that carry the labels and do not belong. A stage. */
  void publishForeignObjects();

  /** What is planned, and is going to be executed. */
  default void planned(Plan plan) {}

  /** No server of a Redis to be halted is to be healed any more: all have been asked to stop. */
  boolean areStopping();

  /** Gives running servers the settings that they do not have. A stage. */
  LiveSettings.Result giveSettings(Goal goal, ClusterView view);

  /** Takes running servers on to the passwords of their Secret. A stage. */
  default PasswordChanges.Result changePasswords(Goal goal, ClusterView view) {
    return PasswordChanges.Result.NONE;
  }

  /** Takes running servers on to the users that RedisUsers ask for. A stage. */
  default UserChanges.Result changeUsers(Goal goal, ClusterView view) {
    return UserChanges.Result.NONE;
  }

  /**
   * Changes running pods, and says what they do not have yet. A stage.
   *
   * @param missing wanted settings that servers do not have
   */
  Optional<Problem> changePods(Goal goal, ClusterView view, Plan plan, List<Missing> missing);

  /** What others say of the pods. A stage. */
  List<Finding> reported(List<Outcome> outcomes);

  /** The changes that Kubernetes has not carried out yet: sentences. A stage. */
  List<String> pending();

  /** What was done, before the status is built. Part of the last stage, as all that follows. */
  void acted(List<Outcome> outcomes);

  /** What kept {@link #provide} from providing an object. */
  Optional<Problem> objectProblem();

  /** Publishes the status, and what was done. */
  void report(@Nullable RedisStatus before, RedisStatus after, List<Outcome> outcomes);

  /** Publishes the status of a pass that could not observe, plan or report. */
  void reportUnknown(@Nullable RedisStatus before, RedisStatus after);
}
