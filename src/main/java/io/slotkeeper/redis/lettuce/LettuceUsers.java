package io.slotkeeper.redis.lettuce;

import static io.slotkeeper.redis.lettuce.Pipeline.command;
import static io.slotkeeper.redis.lettuce.Pipeline.text;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import io.slotkeeper.redis.AcceptedPasswords;
import io.slotkeeper.redis.AclState;
import io.slotkeeper.redis.AclUser;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.UserCommands;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The users of a server. Commands for many users are written at once, in batches. */
final class LettuceUsers implements UserCommands {
  /** A server answers so many well within the time that one command has. */
  private static final int BATCH = 100;

  private static final Set<String> SWITCHES = Set.of("on", "off");

  private final Endpoint endpoint;
  private final Pipeline pipeline;
  private final Duration timeout;

  LettuceUsers(Endpoint endpoint, Pipeline pipeline, Duration timeout) {
    this.endpoint = endpoint;
    this.pipeline = pipeline;
    this.timeout = timeout;
  }

  @Override
  public Set<String> names() {
    var users = command(CommandType.ACL, new NestedMultiOutput<>(StringCodec.UTF8), "USERS");
    pipeline.send(List.of(users), timeout);
    return users.join().stream().map(String::valueOf).collect(Collectors.toSet());
  }

  @Override
  public Map<String, AclState> states(Collection<String> names) {
    Map<String, AclState> states = new HashMap<>();
    batches(
        names,
        batch -> {
          var questions = batch.stream().map(LettuceUsers::getUser).toList();
          pipeline.send(questions, timeout);
          for (int i = 0; i < batch.size(); i++) {
            List<Object> user = questions.get(i).join();
            if (user.size() > 1) { // a user that is not there is a null
              states.put(batch.get(i), state(user));
            }
          }
        });
    return states;
  }

  @Override
  public Map<List<String>, Trial> tryOut(Collection<List<String>> rules) {
    Map<List<String>, Trial> trials = new LinkedHashMap<>();
    batches(
        rules,
        batch -> {
          List<AsyncCommand<String, String, ?>> all = new ArrayList<>();
          List<AsyncCommand<String, String, String>> sets = new ArrayList<>();
          List<AsyncCommand<String, String, List<Object>>> looks = new ArrayList<>();
          for (List<String> one : batch) {
            sets.add(setUser(TRIAL, List.of("reset", "off"), one));
            looks.add(getUser(TRIAL));
            all.add(sets.getLast());
            all.add(looks.getLast());
          }
          var end =
              command(CommandType.ACL, new IntegerOutput<>(StringCodec.UTF8), "DELUSER", TRIAL);
          all.add(end);
          pipeline.attempt(all, timeout);
          end.join();
          for (int i = 0; i < batch.size(); i++) {
            trials.put(batch.get(i), trial(sets.get(i), looks.get(i)));
          }
        });
    return trials;
  }

  private Trial trial(
      AsyncCommand<String, String, String> set, AsyncCommand<String, String, List<Object>> look) {
    try {
      set.join();
    } catch (CompletionException e) {
      RuntimeException failure = LettuceErrors.of(endpoint, e);
      if (failure instanceof RedisErrorException) {
        return new Trial.Refused(String.valueOf(failure.getMessage()));
      }
      throw failure;
    }
    return new Trial.Accepted(state(look.join()).rights());
  }

  @Override
  public void set(Collection<AclUser> users) {
    List<RuntimeException> errors = new ArrayList<>();
    batches(
        users,
        batch -> {
          List<AsyncCommand<String, String, ?>> commands = new ArrayList<>();
          for (AclUser user : batch) {
            commands.add(setUser(user.name(), List.of(), user.words()));
            if (!user.on()) {
              commands.add(
                  command(
                      CommandType.CLIENT,
                      new IntegerOutput<>(StringCodec.UTF8),
                      "KILL",
                      "USER",
                      user.name()));
            }
          }
          errors.addAll(pipeline.attempt(commands, timeout));
        });
    if (!errors.isEmpty()) {
      throw errors.getFirst();
    }
  }

  @Override
  public void remove(Collection<String> names) {
    batches(
        names,
        batch -> {
          List<String> arguments = new ArrayList<>(List.of("DELUSER"));
          arguments.addAll(batch);
          pipeline.send(
              List.of(
                  command(
                      CommandType.ACL,
                      new IntegerOutput<>(StringCodec.UTF8),
                      arguments.toArray(String[]::new))),
              timeout);
        });
  }

  private interface Step<T> {
    void run(List<T> batch);
  }

  private static <T> void batches(Collection<T> all, Step<T> step) {
    List<T> list = List.copyOf(all);
    for (int from = 0; from < list.size(); from += BATCH) {
      step.run(list.subList(from, Math.min(list.size(), from + BATCH)));
    }
  }

  private static AsyncCommand<String, String, String> setUser(
      String name, List<String> first, List<String> rules) {
    List<String> arguments = new ArrayList<>(List.of("SETUSER", name));
    arguments.addAll(first);
    arguments.addAll(rules);
    return text(CommandType.ACL, arguments.toArray(String[]::new));
  }

  private static AsyncCommand<String, String, List<Object>> getUser(String name) {
    return command(CommandType.ACL, new NestedMultiOutput<>(StringCodec.UTF8), "GETUSER", name);
  }

  /** Names and values in turn. */
  private AclState state(List<Object> user) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < user.size(); i += 2) {
      fields.put(String.valueOf(user.get(i)), user.get(i + 1));
    }
    Function<String, Set<String>> words =
        field -> {
          if (fields.remove(field) instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.toSet());
          }
          throw new RedisErrorException(endpoint + ": ACL GETUSER lists no " + field);
        };
    Set<String> flags = new HashSet<>(words.apply("flags"));
    boolean on = flags.contains("on");
    flags.removeAll(SWITCHES);
    Set<String> hashes = words.apply("passwords");
    String rights = flags.stream().sorted().toList() + " " + fields;
    return new AclState(on, hashes, AcceptedPasswords.hash(rights));
  }
}
