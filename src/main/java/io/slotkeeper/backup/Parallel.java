package io.slotkeeper.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs something for each of many servers at once. */
final class Parallel {

  @FunctionalInterface
  interface Step<T, R> {
    R apply(T item) throws IOException;
  }

  private Parallel() {}

  /** The results in the order of the items, when all have ended; the first failure is thrown. */
  static <T, R> List<R> map(Collection<T> items, Step<? super T, ? extends R> step)
      throws IOException {
    List<Future<R>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T item : items) {
        running.add(threads.submit(() -> step.apply(item)));
      }
    }
    List<R> results = new ArrayList<>();
    for (Future<R> each : running) {
      try {
        results.add(each.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException io -> throw io;
          case RuntimeException thrown -> throw thrown;
          case null, default -> throw new IllegalStateException(e.getCause());
        }
      }
    }
    return results;
  }
}
