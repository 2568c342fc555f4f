package io.slotkeeper.redis.migration;

import io.slotkeeper.redis.cluster.RedisNode;
import io.slotkeeper.redis.cluster.RedisNodes;
import io.slotkeeper.redis.cluster.SlotCommands;
import io.slotkeeper.redis.cluster.SlotCommands.Mark;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The way to servers, with an interceptor that may do anything before and after a command. */
final class Intercepted implements RedisNodes {

  /** Sees each call of {@link SlotCommands}, and may break it off. */
  interface Interceptor {
    Object call(Endpoint endpoint, String command, Callable<Object> call) throws Exception;
  }

  private final RedisNodes nodes;
  private final Interceptor interceptor;

  Intercepted(RedisNodes nodes, Interceptor interceptor) {
    this.nodes = nodes;
    this.interceptor = interceptor;
  }

  @Override
  public RedisNode at(Endpoint endpoint) {
    RedisNode node = nodes.at(endpoint);
    SlotCommands slots =
        proxy(
            SlotCommands.class,
            node.slots(),
            (command, call) -> interceptor.call(endpoint, command, call));
    return proxy(
        RedisNode.class, node, (command, call) -> command.equals("slots") ? slots : call.call());
  }

  private interface Around {
    Object call(String command, Callable<Object> call) throws Exception;
  }

  private static <T> T proxy(Class<T> type, T target, Around around) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) ->
                around.call(
                    describe(method, arguments),
                    () -> {
                      try {
                        return method.invoke(target, arguments);
                      } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof RuntimeException failure) {
                          throw failure;
                        }
                        throw e;
                      }
                    })));
  }

  /** The name of a command; with the mark for those that set one, as in "setSlots Importing". */
  private static String describe(Method method, Object @Nullable [] arguments) {
    return Stream.of(arguments == null ? new Object[0] : arguments)
        .filter(Mark.class::isInstance)
        .map(mark -> method.getName() + " " + mark.getClass().getSimpleName())
        .findFirst()
        .orElse(method.getName());
  }
}
