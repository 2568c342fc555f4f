package io.slotkeeper.e2e.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is done to one Redis. Which pod that means is seen when it is done. */
sealed interface Fault {

  /** What happens to a pod. */
  enum How {
    /** kill -9 of the server: the container is started again, in the same pod. */
    KILL,
    /** As a user deletes a pod: it may end in order. */
    DELETE,
    /** Its volume, too. */
    DELETE_WITH_VOLUME,
    /** Without grace: all of its processes are killed. */
    FORCE_DELETE,
    /** SIGSTOP for the server, and SIGCONT some seconds later: it is silent, and not dead. */
    FREEZE;

    /** The server cannot hand over what it has. */
    boolean isHard() {
      return this == KILL || this == FORCE_DELETE;
    }

    @Override
    public String toString() {
      return words(this);
    }
  }

  /** Which pods it happens to, at once. */
  enum Which {
    MASTER,
    REPLICA,
    TWO_MASTERS,
    ALL_MASTERS,
    ONE_OF_EACH_SHARD,
    SHARD,
    ALL;

    /** Nothing is left of a shard but what is on volumes. */
    boolean everyCopy() {
      return this == SHARD || this == ALL;
    }
  }

  /** An object that the operator made. */
  enum Kind {
    CLIENT_SERVICE,
    REPLICAS_SERVICE,
    GOVERNING_SERVICE,
    CONFIG_MAP,
    SECRET,
    NETWORK_POLICY,
    DISRUPTION_BUDGET,
    STATEFUL_SET,
    SENTINELS_SERVICE,
    SENTINELS_DISRUPTION_BUDGET,
    SENTINELS_STATEFUL_SET;

    boolean isOfSentinels() {
      return compareTo(SENTINELS_SERVICE) >= 0;
    }
  }

  /** A change of the spec. */
  enum Change {
    /** Which running servers take. */
    SETTING,
    /** Which replaces one pod after the other. */
    POD_TEMPLATE
  }

  record Pods(How how, Which which) implements Fault {
    @Override
    public String toString() {
      return words(how) + " " + words(which);
    }
  }

  record Delete(Kind kind) implements Fault {
    @Override
    public String toString() {
      return "delete " + words(kind);
    }
  }

  /** To one Sentinel, or to all at once. */
  record Sentinels(How how, boolean all) implements Fault {
    @Override
    public String toString() {
      return words(how) + (all ? " all sentinels" : " a sentinel");
    }
  }

  /** The user changes the spec. */
  record Update(Change what) implements Fault {
    @Override
    public String toString() {
      return "change of the " + words(what);
    }
  }

  /** Pods go while the change of the template replaces others. */
  record InUpdate(Pods pods) implements Fault {
    @Override
    public String toString() {
      return pods + " in a rolling update";
    }
  }

  record Nothing() implements Fault {
    @Override
    public String toString() {
      return "nothing";
    }
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * All that is done to a cluster in turn.
   *
   * <p>Without volumes, no shard loses every copy at once, neither by killing its servers nor by
   * deleting its StatefulSet, which takes all of its pods along: the data would be gone by design,
   * and the cluster waits for its user then ({@code ChaosTest} has a test of its own for that).
   */
  static List<Fault> ofCluster(boolean durable) {
    List<Fault> all = new ArrayList<>(List.of(new Nothing()));
    for (Which which : Which.values()) {
      for (How how : How.values()) {
        boolean several = which != Which.MASTER && which != Which.REPLICA;
        boolean sensible =
            switch (how) {
              case KILL -> true;
              case FORCE_DELETE -> which != Which.TWO_MASTERS && which != Which.SHARD;
              case DELETE -> !several;
              case DELETE_WITH_VOLUME -> !several && durable;
              case FREEZE -> false;
            };
        if (sensible && (durable || !which.everyCopy())) {
          all.add(new Pods(how, which));
        }
      }
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.REPLICAS_SERVICE
          && !kind.isOfSentinels()
          && (durable || kind != Kind.STATEFUL_SET)) {
        all.add(new Delete(kind));
      }
    }
    return List.copyOf(all);
  }

  /** All that is done to a Standalone in turn; without volumes, it never loses every copy. */
  static List<Fault> ofStandalone(boolean durable) {
    List<Fault> all = new ArrayList<>(List.of(new Nothing()));
    for (Which which : List.of(Which.MASTER, Which.REPLICA, Which.ALL)) {
      for (How how : How.values()) {
        boolean sensible =
            switch (how) {
              case KILL, FORCE_DELETE, DELETE -> durable || !which.everyCopy();
              case DELETE_WITH_VOLUME -> durable && !which.everyCopy();
              case FREEZE -> !which.everyCopy();
            };
        if (sensible) {
          all.add(new Pods(how, which));
        }
      }
    }
    for (Kind kind : Kind.values()) {
      if (!kind.isOfSentinels() && (durable || kind != Kind.STATEFUL_SET)) {
        all.add(new Delete(kind));
      }
    }
    for (Change change : Change.values()) {
      all.add(new Update(change));
    }
    for (How how : List.of(How.FORCE_DELETE, How.DELETE)) {
      all.add(new InUpdate(new Pods(how, Which.MASTER)));
    }
    return List.copyOf(all);
  }

  /** What is done to a Standalone, and as much to the Sentinels. */
  static List<Fault> ofSentinel(boolean durable) {
    List<Fault> all = new ArrayList<>(ofStandalone(durable));
    for (How how : List.of(How.KILL, How.DELETE, How.FORCE_DELETE, How.FREEZE)) {
      all.add(new Sentinels(how, false));
      all.add(new Sentinels(how, true));
    }
    Stream.of(Kind.values()).filter(Kind::isOfSentinels).map(Delete::new).forEach(all::add);
    return List.copyOf(all);
  }
}
