package io.slotkeeper.mode.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding;
import io.slotkeeper.model.Finding.Kind;
import io.slotkeeper.plan.Action;
import io.slotkeeper.plan.Plan;
import io.slotkeeper.redis.cluster.SlotSet;
import org.junit.jupiter.api.Test;

class MembershipTest {

  @Test
  void aWholeClusterIsOursWhereNothingIsRemembered() {
    Plan plan = Views.formed(3, 1).forgotten().plan();

    assertThat(plan.findings()).isEmpty();
    assertThat(Actions.of(plan, Action.RecordMembers.class)).hasSize(1);
  }

  /** Found by the simulation: another cluster's volume, with a server that had lost its fellows. */
  @Test
  void aPartOfOneIsNotAlthoughAllThatThereIsKnowsEachOther() {
    Views views = Views.formed(1, 0).forgotten();
    views.everywhere(views.pod(0, 0), line -> line.slots = SlotSet.range(0, 100));

    assertThat(views.plan().actions()).isEmpty();
    assertThat(views.plan().findings()).extracting(Finding::kind).contains(Kind.FOREIGN_NODE);
  }
}
