package io.slotkeeper.mode.standalone.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.model.Finding.Kind;

/** Which server is to lead, or why none is. */
final class LeadAssertions {

  private LeadAssertions() {}

  static void assertElected(StandaloneViews views, int ordinal) {
    assertThat(views.lead())
        .isInstanceOfSatisfying(
            Lead.Elected.class,
            lead -> assertThat(lead.server().pod().name()).isEqualTo(StandaloneViews.pod(ordinal)));
  }

  static void assertUndecided(StandaloneViews views, Kind kind) {
    assertThat(views.lead())
        .isInstanceOfSatisfying(
            Lead.Undecided.class, lead -> assertThat(lead.finding().kind()).isEqualTo(kind));
  }
}
