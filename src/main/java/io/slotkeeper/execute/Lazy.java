package io.slotkeeper.execute;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes a value once, when it is first needed; several threads may need it. */
final class Lazy<T> implements Supplier<T> {
  private final Supplier<T> question;
  private @Nullable T answer;

  Lazy(Supplier<T> question) {
    this.question = question;
  }

  @Override
  public synchronized T get() {
    T known = answer;
    if (known == null) {
      known = question.get();
      answer = known;
    }
    return known;
  }
}
