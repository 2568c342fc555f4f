package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedValueTest {

  @Test
  void unquotes() {
    assertThat(QuotedValue.unquoted("\"\"")).isEmpty();
    assertThat(QuotedValue.unquoted("3600 1 300 100")).isEqualTo("3600 1 300 100");
    assertThat(QuotedValue.unquoted("\"a b\" 'c'")).isEqualTo("a b c");
    assertThat(QuotedValue.unquoted("\"say \\\"x\\\"\"")).isEqualTo("say \"x\"");
  }
}
