package io.slotkeeper.api;

import java.util.regex.Pattern;

/**
 * The settings of redis.conf that a user cannot set, because the operator depends on their value.
 * One list serves the schema, which refuses them in {@code spec.config}, and {@link #contains}, for
 * what no schema checks: the ConfigMap of {@code spec.configSource}.
 */
public final class ReservedSettings {

  /** A regular expression that means the same in CEL and in Java. */
  static final String NAMES =
      // The cluster itself: its members, their addresses, and how replicas move.
      "cluster-(enabled|config-file|port|announce-.*|allow-replica-migration|preferred-endpoint-type)"
          + "|replicaof|slaveof|(replica|slave)-announce-.*"
          // How pods, probes and the operator reach the server.
          + "|port|tls-.*|rdma-.*|bind|bind-source-addr|unixsocket.*|protected-mode|rename-command"
          // What runs foreign code in the server, or enables commands that harm it.
          + "|loadmodule|enable-(debug-command|module-command|protected-configs)"
          + "|lua-enable-(deprecated|insecure)-api"
          // Authentication: the password comes from a Secret.
          + "|requirepass|masterauth|masteruser|primaryauth|primaryuser|aclfile|user"
          // Where data lies: the start script looks there before the server does.
          + "|dir|dbfilename|appenddirname|appendfilename"
          // The process: it runs in the foreground and logs to standard output.
          + "|daemonize|supervised|pidfile|logfile|include";

  private static final Pattern PATTERN = Pattern.compile(NAMES, Pattern.CASE_INSENSITIVE);

  /** A CEL expression, true if the variable {@code key} is the name of a reserved setting. */
  static final String CEL = "key.matches('^(" + NAMES + ")$')";

  private ReservedSettings() {}

  /** Whether a setting is reserved; upper and lower case are the same, as in redis.conf. */
  public static boolean contains(String setting) {
    return PATTERN.matcher(setting).matches();
  }
}
