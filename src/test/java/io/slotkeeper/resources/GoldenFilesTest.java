package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every object of every {@link Case}. After a change that is meant, {@code mvn test
 * -Dtest=GoldenFilesTest -Dgolden.rewrite=true} writes what is made, for review.
 */
class GoldenFilesTest {

  @ParameterizedTest
  @MethodSource("io.slotkeeper.resources.Case#all")
  void isWhatIsMade(Case directory) {
    if (Boolean.getBoolean("golden.rewrite")) {
      directory.rewrite();
    }

    assertThat(directory.made()).isEqualTo(directory.golden());
    assertThat(directory.unreadInputs()).isEmpty();
  }
}
