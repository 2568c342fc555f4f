package io.slotkeeper.e2e.chaos;

import io.slotkeeper.e2e.Space;
import io.slotkeeper.e2e.chaos.Havoc.Done;
import io.slotkeeper.resources.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Rounds of faults, of one seed: all that is random is drawn before anything is done. */
final class Chaos {
  /** Only a failure reaches it: a lost node takes 16 s to be seen, a volume sometimes 20 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private static final Duration INTERVAL = Duration.ofMillis(400);

  private final Space space;
  private final List<Subject> subjects;
  private final Nodes nodes;
  private final long seed;
  private final Random random;
  private final List<Deck<Fault>> faults;
  private final Deck<Optional<Nodes.Fate>> fates;
  private final Deck<Operators.Fate> operatorFates;
  private final Operators operators;
  private final Journal journal = new Journal();
  private final List<String> failures = new ArrayList<>();

  Chaos(Space space, LocalCluster cluster, List<Subject> subjects, long seed) {
    this.space = space;
    this.subjects = subjects;
    this.nodes = new Nodes(cluster, space, subjects);
    this.seed = seed;
    this.random = new Random(seed);
    this.faults = subjects.stream().map(subject -> new Deck<>(subject.faults(), random)).toList();
    // Nodes are lost less often than pods, and it takes longer.
    List<Optional<Nodes.Fate>> cards = new ArrayList<>(Collections.nCopies(20, Optional.empty()));
    cards.add(Optional.of(Nodes.Fate.DRAINED));
    List.of(Nodes.Fate.values()).forEach(fate -> cards.add(Optional.of(fate)));
    this.fates = new Deck<>(cards, random);
    this.operators = new Operators(space.operator());
    List<Operators.Fate> ends = new ArrayList<>(Collections.nCopies(4, Operators.Fate.STAYS));
    ends.addAll(List.of(Operators.Fate.KILLED, Operators.Fate.ABSENT));
    this.operatorFates = new Deck<>(ends, random);
  }

  /** What went wrong; empty where nothing did. */
  List<String> run(int rounds) throws InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      Round now = new Round(round);
      boolean goOn;
      try {
        goOn = now.run();
      } catch (RuntimeException | AssertionError e) {
        now.problems.add("it could not be looked at: " + e);
        goOn = false;
      }
      System.out.println(now.story());
      if (!now.problems.isEmpty()) {
        failures.add(now.story());
        System.out.println(now.evidence());
      }
      if (!goOn) {
        break;
      }
    }
    subjects.forEach(subject -> failures.addAll(subject.readAll()));
    System.out.println(journal.table() + "\n" + journal.writes());
    return failures;
  }

  /** What a round does to one Redis, and how that went. */
  private static final class Part {
    private final Subject subject;
    private final Damage damage = new Damage();
    private String label = "";
    private Optional<Duration> whole = Optional.empty();

    Part(Subject subject) {
      this.subject = subject;
    }
  }

  /** Faults, healing, and a look at the data. */
  private final class Round {
    private final int number;
    private final Instant begin = Instant.now();
    private final List<Part> parts = subjects.stream().map(Part::new).toList();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    Round(int number) {
      this.number = number;
    }

    /** Whether the next round can follow. */
    boolean run() throws InterruptedException {
      subjects.forEach(Subject::longestStall);
      if (!becomesWhole(allAtOnce(plan()))) {
        return false;
      }
      parts.forEach(this::look);
      return true;
    }

    private void look(Part part) {
      Subject subject = part.subject;
      Duration whole = part.whole.orElseThrow();
      Duration stall = subject.longestStall();
      subject
          .servers()
          .problemsByTool(subject.redis())
          .forEach(problem -> problems.add(subject.name() + ": " + problem));
      Subject.Reading reading = subject.read(number, part.damage);
      reading.problems().stream()
          .limit(20)
          .forEach(problem -> problems.add(subject.name() + " " + problem));
      note(
          "%s whole after %s, longest stall %s, %d writes, lost %d, with WAIT %d"
              .formatted(
                  subject.name(),
                  Journal.seconds(whole),
                  Journal.seconds(stall),
                  reading.writes(),
                  reading.lost(),
                  reading.lostWithReplicas()));
      journal.add(new Journal.Entry(part.label, whole, stall, reading));
    }

    private List<Callable<List<Done>>> plan() throws InterruptedException {
      List<Callable<List<Done>>> tasks = new ArrayList<>();
      Optional<Nodes.Fate> fate = fates.draw();
      if (fate.isPresent()) {
        parts.forEach(part -> part.label = "node " + fate.get());
        tasks.add(onNode(fate.get(), new Random(random.nextLong())));
      } else {
        for (int i = 0; i < parts.size(); i++) {
          Fault fault = faults.get(i).draw();
          parts.get(i).label = fault.toString();
          tasks.add(onPods(parts.get(i), fault, new Random(random.nextLong())));
        }
      }
      Operators.Fate end = operatorFates.draw();
      if (end != Operators.Fate.STAYS) {
        parts.forEach(part -> part.label = "operator " + end + " at the same time");
        tasks.add(onOperator(end, new Random(random.nextLong())));
      }
      return tasks;
    }

    private Callable<List<Done>> onNode(Nodes.Fate fate, Random its) {
      Map<Subject, Damage> damage = new LinkedHashMap<>();
      parts.forEach(part -> damage.put(part.subject, part.damage));
      return () -> noted("", nodes.suffer(fate, its, damage));
    }

    private Callable<List<Done>> onPods(Part part, Fault fault, Random its) {
      int delay = its.nextInt(500);
      return () -> {
        Thread.sleep(delay);
        return noted(part.subject.name(), new Havoc(part.subject, its).wreak(fault, part.damage));
      };
    }

    private Callable<List<Done>> onOperator(Operators.Fate fate, Random its)
        throws InterruptedException {
      return switch (fate) {
        case STAYS -> List::of;
        case KILLED -> {
          int delay = its.nextInt(3_000);
          yield () -> {
            Thread.sleep(delay);
            operators.killLeader().forEach(this::note);
            return List.of();
          };
        }
        case ABSENT -> {
          operators.leave(); // first: there is none when the faults happen
          note("there is no operator");
          int absence = 1_000 + its.nextInt(10_000);
          yield () -> {
            try {
              Thread.sleep(absence);
            } finally {
              operators.comeBack();
              note("there is an operator again");
            }
            return List.of(new Done("no operator for %d ms".formatted(absence), operators::leads));
          };
        }
      };
    }

    private void note(String what) {
      events.add(
          "  +%5d ms  %s".formatted(Duration.between(begin, Instant.now()).toMillis(), what));
    }

    private List<Done> noted(String whom, List<Done> done) {
      done.forEach(one -> note((whom + " " + one.what()).strip()));
      return done;
    }

    private List<Done> allAtOnce(List<Callable<List<Done>>> tasks) throws InterruptedException {
      List<Done> all = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<List<Done>> task : threads.invokeAll(tasks)) {
          all.addAll(task.get());
        }
      } catch (ExecutionException e) {
        problems.add("a fault could not be done: " + e.getCause());
      }
      return all;
    }

    /** Looks until all is well, and everything that was done has been seen before that. */
    private boolean becomesWhole(List<Done> done) throws InterruptedException {
      Instant end = Instant.now().plus(PATIENCE);
      while (true) {
        List<String> wrong =
            new ArrayList<>(
                done.stream()
                    .filter(one -> !one.seen().getAsBoolean())
                    .map(one -> "nothing is seen of: " + one.what())
                    .toList());
        boolean allSeen = wrong.isEmpty();
        for (Part part : parts) {
          List<String> its = part.subject.problems();
          its.forEach(problem -> wrong.add(part.subject.name() + " " + problem));
          part.whole =
              its.isEmpty() && allSeen
                  ? part.whole.or(() -> Optional.of(Duration.between(begin, Instant.now())))
                  : Optional.empty();
        }
        if (wrong.isEmpty()) {
          return true;
        }
        if (Instant.now().isAfter(end)) {
          wrong.forEach(what -> problems.add("after " + PATIENCE.toSeconds() + " s: " + what));
          return false;
        }
        Thread.sleep(INTERVAL);
      }
    }

    /** What happened, with times, and how to have it again. */
    String story() {
      return "round %d of seed %d at %s\n%s%s"
          .formatted(
              number,
              seed,
              begin,
              String.join("\n", events),
              problems.isEmpty()
                  ? ""
                  : "\n  PROBLEMS:\n  "
                      + String.join("\n  ", problems)
                      + "\n  again with -Dchaos.seed=%d -Dchaos.rounds=%d".formatted(seed, number));
    }

    /** What a person would look at. */
    String evidence() {
      var text = new StringBuilder();
      for (Part part : parts) {
        text.append(part.subject.name()).append(": hits ").append(part.damage).append('\n');
        text.append(part.subject.servers().describe()).append(logs(part.subject.name()));
      }
      return text.append(space.describe()).toString();
    }

    /** When each server was started, and what it has loaded then. */
    private String logs(String redis) {
      return space
          .kubectl(
              "logs",
              "--selector",
              Labels.asText(Labels.selector(redis)),
              "--all-containers",
              "--ignore-errors",
              "--prefix",
              "--timestamps",
              "--tail=60")
          .output();
    }
  }
}
