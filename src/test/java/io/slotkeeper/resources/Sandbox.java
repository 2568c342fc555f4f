package io.slotkeeper.resources;

import io.slotkeeper.certificates.KeyMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A container's files below a directory, and the real scripts of the ConfigMap, made to use them.
 */
final class Sandbox {

  /** The programs of an image that scripts, the real ones and those of tests, may use. */
  private static final List<String> TOOLS =
      List.of(
          "cat", "cp", "date", "env", "grep", "head", "ln", "mkdir", "mv", "flock", "od", "rm",
          "sed", "sh", "sha1sum", "sleep", "sort", "stat", "tail", "tee", "timeout", "touch", "tr",
          "wc");

  private final Path root;

  /**
   * @param root an empty directory
   * @param conf the redis.conf of the ConfigMap
   */
  Sandbox(Path root, String conf) {
    this(root, conf, Case.named("tutorial").blueprint());
  }

  /**
   * @param redis whose scripts they are
   */
  Sandbox(Path root, String conf, ResolvedSpec redis) {
    this.root = root;
    Map<String, String> files = ServerConfigMap.of(redis).getData();
    try {
      for (String directory : new String[] {"bin", "config", "data", "run"}) {
        Files.createDirectories(root.resolve(directory));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String tool : TOOLS) {
      program("tools/" + tool, "exec /usr/bin/%s \"$@\"\n".formatted(tool));
    }
    program("tools/uname", "cat \"$SANDBOX/hostname\"\n");
    for (Map.Entry<String, String> file : files.entrySet()) {
      write(
          "config/" + file.getKey(),
          file.getValue()
              .replace("=/etc/slotkeeper", "=" + root.resolve("config"))
              .replace("=/sys/fs/cgroup", "=" + root.resolve("cgroup"))
              .replace("=/run/slotkeeper", "=" + root.resolve("run"))
              .replace("=/data", "=" + root.resolve("data")));
    }
    write("config/redis.conf", conf);
    if (files.containsKey(ServerTls.CLI)) {
      executable("config/" + ServerTls.CLI);
    }
    executable("config/redis-cli");
    executable("config/valkey-cli");
  }

  /**
   * The file with the password, as it is mounted; without this call, a container of an older pod
   * template.
   *
   * @param password empty for none
   */
  void password(String password) {
    write("config/secrets/password", password);
  }

  /** As the kubelet does it: all files at once, for whoever reads them after that. */
  void certificate(KeyMaterial material) {
    write("config/secrets/tls.crt", material.certificateText());
    write("config/secrets/tls.key", material.keyText());
    write("config/secrets/ca.crt", material.authoritiesText());
  }

  /** As in a pod, where the scripts come first; then "bin" and "tools" of this sandbox. */
  String searchPath() {
    return path("config") + ":" + path("bin") + ":" + path("tools");
  }

  Path path(String file) {
    return root.resolve(file);
  }

  void write(String file, String content) {
    try {
      Files.createDirectories(path(file).getParent());
      Files.writeString(path(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A program that the scripts find.
   *
   * @param file in the directory bin, to be found first, or tools
   */
  void program(String file, String script) {
    write(file, "#!/bin/sh\n" + script);
    executable(file);
  }

  private void executable(String file) {
    try {
      Files.setPosixFilePermissions(path(file), PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String file) {
    try {
      return Files.readString(path(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Standard output and error go to the file "<script>.output".
   *
   * @param environment HOSTNAME is what the kernel says, and not in the environment
   */
  Process start(String script, Map<String, String> environment) {
    write("hostname", environment.getOrDefault("HOSTNAME", "") + "\n");
    ProcessBuilder builder =
        new ProcessBuilder("sh", path("config/" + script).toString())
            .redirectErrorStream(true)
            .redirectOutput(path(script + ".output").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("HOSTNAME", "whatever-the-user-says-shard9-9");
    builder.environment().put("SANDBOX", root.toString());
    builder.environment().put("PATH", searchPath());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the script printed, once it has ended well. */
  String run(String script, Map<String, String> environment) {
    int exit = exitCode(start(script, environment));
    if (exit != 0) {
      throw new IllegalStateException("exit code " + exit + ": " + read(script + ".output"));
    }
    return read(script + ".output");
  }

  /** What a command prints to its standard output: as {@code kubectl exec} runs it. */
  String command(Map<String, String> environment, String program, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("/usr/bin/env", program));
    words.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("SANDBOX", root.toString());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      exitCode(process);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int exitCode(Process process) {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("it does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  /** A directory and all that is in it. */
  static void deleteAll(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(Sandbox::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
