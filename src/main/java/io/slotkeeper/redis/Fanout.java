package io.slotkeeper.redis;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Applies a function to many items: at once in the operator, one by one in a simulation. */
@FunctionalInterface
public interface Fanout {

  /** The results in the order of the items. The function must not throw. */
  <T, R> List<R> map(Collection<T> items, Function<? super T, ? extends R> function);
}
