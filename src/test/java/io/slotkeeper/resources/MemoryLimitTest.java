package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod gets whose memory limit is another than that of the template, live and at a start. */
@EnabledOnOs(OS.LINUX)
class MemoryLimitTest {
  private static final long MI = 1 << 20;

  @TempDir Path root;

  /**
   * The limits in MiB, 0 for none. A maxmemory that is not set follows the limit; "-" is what a pod
   * without a limit keeps.
   */
  @ParameterizedTest
  @CsvSource({
    // template, own, asked,  maxmemory, backlog
    "256,  256, ,        201326592, 33554432",
    "256,   64, ,         50331648,  8388608",
    "64,   256, ,        201326592, 33554432",
    "0,     64, ,         50331648,  8388608",
    "256,    0, ,                -,        -",
    "0,      0, ,                -,     64mb",
    "256,   64, 100mb,    50331648,  8388608",
    "256,   64, 30mb,         30mb,  8388608",
    "256,   64, 0,        50331648,  8388608",
    "256,  256, 250mb,       250mb, 33554432",
    "64,   256, 100mb,       100mb, 33554432",
    "0,     64, 100mb,    50331648,  8388608",
    "256,   64, 512Mi,       512Mi,  8388608",
  })
  void settingsFitTheLimitThatThePodHas(
      long template, long own, @Nullable String asked, String maxmemory, String backlog)
      throws IOException {
    ResolvedSpec redis = redis(template, asked);

    Map<String, String> fitting =
        MemoryLimit.fit(redis.liveSettings(), redis.memoryLimit(), bytes(own));

    assertThat(fitting.getOrDefault("maxmemory", "-")).isEqualTo(maxmemory);
    assertThat(fitting.getOrDefault("repl-backlog-size", "-")).isEqualTo(backlog);

    // The start script comes to the same; a pod without a limit starts with what the file has.
    Sandbox box = StartScriptTest.box(root, conf(redis));
    box.write("cgroup/memory.max", own == 0 ? "max\n" : own * MI + "\n");
    box.run("start.sh", Map.of("POD_IP", "10.0.0.1"));
    if (own > 0) {
      assertThat(last(box.read("run/redis.conf"), "maxmemory")).isEqualTo(maxmemory);
      assertThat(last(box.read("run/redis.conf"), "repl-backlog-size")).isEqualTo(backlog);
    }
  }

  @Test
  void aLimitThatTheKernelRoundsIsTheSame() {
    Sandbox box = StartScriptTest.box(root, conf(redis(100, "90mb")));
    box.write("cgroup/memory.max", 100 * MI - 4096 + "\n");

    box.run("start.sh", Map.of("POD_IP", "10.0.0.1"));

    assertThat(last(box.read("run/redis.conf"), "maxmemory")).isEqualTo("90mb");
  }

  @ParameterizedTest
  @CsvSource({"max", "9223372036854771712", "''", "garbage"})
  void whatIsNoLimitChangesNothing(String limit) {
    String conf = conf(redis(100, null));
    Sandbox box = StartScriptTest.box(root, conf);
    box.write("cgroup/memory/memory.limit_in_bytes", limit + "\n");

    box.run("start.sh", Map.of("POD_IP", "10.0.0.1"));

    assertThat(box.read("run/redis.conf"))
        .isEqualTo(conf + "cluster-announce-ip 10.0.0.1\nappendonly no\n");
  }

  @Test
  void aPodThatWasResizedHasTheLimitOfItsStatus() {
    String spec =
        "spec: {containers: [{name: sidecar, resources: {limits: {memory: 1Gi}}},"
            + " {name: redis, resources: {limits: {memory: 64Mi}}}]}\n";

    assertThat(MemoryLimit.of(pod(spec))).hasValue(64 * MI);
    assertThat(
            MemoryLimit.of(
                pod(
                    spec
                        + "status: {containerStatuses: [{name: redis, resources: {limits: {memory:"
                        + " 128Mi}}}]}")))
        .hasValue(128 * MI);
    assertThat(MemoryLimit.of(pod("spec: {containers: [{name: redis}]}"))).isEmpty();
  }

  private static Pod pod(String yaml) {
    return Serialization.unmarshal(yaml, Pod.class);
  }

  private static OptionalLong bytes(long mebibytes) {
    return mebibytes == 0 ? OptionalLong.empty() : OptionalLong.of(mebibytes * MI);
  }

  private static ResolvedSpec redis(long limit, @Nullable String maxmemory) {
    return ResolvedSpecTest.blueprint(
        (limit == 0
                ? ""
                : "podTemplate: {spec: {resources: {limits: {memory: %dMi}}}}, ".formatted(limit))
            + (maxmemory == null ? "" : "config: {maxmemory: %s}, ".formatted(maxmemory))
            + "halted: false");
  }

  private static String conf(ResolvedSpec redis) {
    return ServerConfigMap.of(redis).getData().getOrDefault("redis.conf", "");
  }

  private static String last(String conf, String setting) {
    return conf.lines()
        .filter(line -> line.startsWith(setting + " "))
        .reduce((_, line) -> line)
        .orElse("- -")
        .split(" ", 2)[1];
  }
}
