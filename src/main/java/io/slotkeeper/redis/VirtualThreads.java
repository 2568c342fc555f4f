package io.slotkeeper.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** One virtual thread per item; each call has a deadline of its own, so this one ends, too. */
public final class VirtualThreads implements Fanout {

  @Override
  public <T, R> List<R> map(Collection<T> items, Function<? super T, ? extends R> function) {
    if (items.size() == 1) {
      return List.of(function.apply(items.iterator().next()));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<R>> futures = new ArrayList<>(items.size());
      for (T item : items) {
        futures.add(threads.submit(() -> function.apply(item)));
      }
      List<R> results = new ArrayList<>(items.size());
      for (Future<R> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown; // as for a single item: callers distinguish errors by their type
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
