package io.slotkeeper.simulation.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.slotkeeper.simulation.Trace;
import io.slotkeeper.simulation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs many seeds, and says what became of them. The properties are those of the simulation of a
 * cluster: {@code -Dsimulation.seed}, {@code .count}, {@code .start}, {@code .threads}.
 */
final class Campaign {
  private static final int SHOWN = 5;
  private static final int SHOWN_OF_KIND = 200;
  private static final int BLOCK = 1000;
  private static final int THREADS =
      Integer.getInteger("simulation.threads", Runtime.getRuntime().availableProcessors());

  private final BiFunction<Long, Trace, Schedule> schedules;

  /**
   * @param schedules that of a seed
   */
  Campaign(BiFunction<Long, Trace, Schedule> schedules) {
    this.schedules = schedules;
  }

  /** What became of one seed. */
  private record Result(
      long seed,
      Schedule.@Nullable End end,
      @Nullable String failure,
      int passes,
      int users,
      long writes,
      long waited) {}

  /**
   * @param normal how many, unless a property says otherwise
   * @param wanted which of them
   * @param open those that may fail
   */
  void run(int normal, LongPredicate wanted, Set<Long> open) {
    Long one = Long.getLong("simulation.seed");
    long start = one != null ? one : Long.getLong("simulation.start", 1);
    long count = one != null ? 1 : Long.getLong("simulation.count", normal);
    List<Result> results = new ArrayList<>();
    try (ForkJoinPool pool = new ForkJoinPool(THREADS)) {
      for (long block = start; block < start + count; block += BLOCK) {
        List<Long> seeds =
            LongStream.range(block, Math.min(block + BLOCK, start + count))
                .filter(seed -> one != null || wanted.test(seed))
                .boxed()
                .toList();
        List<Result> done = pool.submit(() -> run(seeds)).join();
        results.addAll(done);
        if (count > normal) {
          System.out.printf("%d of %d%n", results.size(), count);
          done.stream().filter(r -> r.failure() != null).forEach(System.out::println);
        }
      }
    }
    tell(results);
    List<Result> failed = results.stream().filter(r -> r.failure() != null).toList();
    if (one != null || !failed.isEmpty()) {
      Trace trace = new Trace(true);
      Result again = run(one != null ? one : failed.getFirst().seed(), trace);
      System.out.println(trace);
      System.out.println(again);
    }
    assertThat(failed).filteredOn(r -> one != null || !open.contains(r.seed())).isEmpty();
  }

  private static void tell(List<Result> results) {
    Map<String, Long> ends =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    r -> r.end() == null ? "FAILED" : r.end().name(),
                    TreeMap::new,
                    Collectors.counting()));
    System.out.printf(
        "%d schedules: %s, %d passes, %d with a user's help, %d writes, %d of them with WAIT%n",
        results.size(),
        ends,
        results.stream().mapToInt(Result::passes).sum(),
        results.stream().filter(r -> r.users() > 0).count(),
        results.stream().mapToLong(Result::writes).sum(),
        results.stream().mapToLong(Result::waited).sum());
    results.stream()
        .filter(r -> r.failure() != null)
        .collect(
            Collectors.groupingBy(
                r -> kind(Objects.requireNonNull(r.failure())),
                TreeMap::new,
                Collectors.mapping(Result::seed, Collectors.toList())))
        .forEach((kind, seeds) ->
            System.out.printf(
                "%5d x %s: %s%n", seeds.size(), kind, seeds.stream().limit(SHOWN).toList()));
  }

  private static String kind(String failure) {
    String kind = failure.replaceAll("[0-9a-f]{8}|[0-9.~]+", "#");
    return kind.substring(0, Math.min(kind.length(), SHOWN_OF_KIND));
  }

  private List<Result> run(List<Long> seeds) {
    return seeds.parallelStream().map(seed -> run(seed, new Trace(false))).toList();
  }

  private Result run(long seed, Trace trace) {
    Schedule schedule = schedules.apply(seed, trace);
    Schedule.End end = null;
    String failure = null;
    try {
      end = schedule.run();
    } catch (Violation e) {
      failure = e.getMessage();
    } catch (RuntimeException e) {
      StackTraceElement[] stack = e.getStackTrace();
      failure = e + " at " + (stack.length > 0 ? stack[0] : "?");
      if (trace.isKept()) {
        e.printStackTrace();
      }
    }
    StandaloneWorld world = schedule.world();
    trace.add(world.now, () -> "at the end\n" + world.dump());
    return new Result(
        seed,
        end,
        failure,
        schedule.passes,
        schedule.userActions(),
        world.ledger.total(),
        world.ledger.waitedFor());
  }
}
