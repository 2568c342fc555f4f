package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class ReadyScriptTest {
  @TempDir Path root;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          loading:0|async_loading:0|role:master,                              0
          loading:0|async_loading:0|role:slave|master_link_status:up,         0
          loading:0|async_loading:0|role:slave|master_link_status:down,       1
          loading:1|async_loading:0|role:master,                              1
          loading:1|async_loading:0|role:slave|master_link_status:up,         1
          NOAUTH Authentication required.,                                    0
          WRONGPASS invalid username-password pair or user is disabled.,      0
          LOADING Redis is loading the dataset in memory,                     1
          """)
  void isReadyWhenItServes(String info, int exitCode) {
    Sandbox box = new Sandbox(root, "");
    box.program("bin/redis-cli", "printf '%s\\r\\n' \"" + info.replace("|", "\" \"") + "\"\n");

    assertThat(Sandbox.exitCode(box.start("ready.sh", Map.of()))).isEqualTo(exitCode);
  }

  @Test
  void remembersWhoseDataItHasACopyOf() {
    Sandbox box = new Sandbox(root, "");
    String history = "6c58a0e4f6a1ed6b7b2a0a4a6d7a0ec2d5b8c0de";
    box.program(
        "bin/redis-cli",
        "printf '%s\\r\\n' loading:0 role:slave master_link_status:up master_replid:"
            + history
            + " master_replid2:0000\n");

    box.run("ready.sh", Map.of());
    box.run("ready.sh", Map.of());

    assertThat(box.read("data/followed")).isEqualTo(history + "\n");
  }
}
