package io.slotkeeper.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server starts from the newest data on its volume, whatever is wanted; with files made up. */
@EnabledOnOs(OS.LINUX)
class NewestDataTest {
  private static final Map<String, String> POD = Map.of("POD_IP", "10.0.0.1");
  private static final String AOF = "appendonly yes\n";
  private static final String RDB = "appendonly no\n";
  private static final String MANIFEST = "data/appendonlydir/appendonly.aof.manifest";
  private static final String INCR = "data/appendonlydir/appendonly.aof.7.incr.aof";
  private static final String BASE = "data/appendonlydir/appendonly.aof.1.base.rdb";
  private static final String LISTED = "file appendonly.aof.7.base.rdb seq 7 type b\n";
  private static final Instant NOW = Instant.ofEpochSecond(1_795_000_000);

  @TempDir Path root;

  private Sandbox box(String conf) {
    return StartScriptTest.box(root, conf + "cluster-node-timeout 5000\n");
  }

  private static void aof(Sandbox box, Instant written) {
    box.write(MANIFEST, LISTED);
    box.write(INCR, "*1\r\n");
    for (String file : new String[] {MANIFEST, INCR}) {
      setTime(box, file, written);
    }
  }

  private static void setTime(Sandbox box, String file, Instant time) {
    try {
      Files.setLastModifiedTime(box.path(file), FileTime.from(time));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The head of a dump, as servers write it. */
  private static void dump(Sandbox box, Instant begun) {
    int seconds = Math.toIntExact(begun.getEpochSecond());
    byte[] head =
        "REDIS0010\0\0ctime\0\0\0\0\0 the rest"
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    head[9] = (byte) 0xfa;
    head[10] = 5;
    head[16] = (byte) 0xc2;
    for (int i = 0; i < 4; i++) {
      head[17 + i] = (byte) (seconds >> (8 * i));
    }
    try {
      Files.write(box.path("data/dump.rdb"), head);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    setTime(box, "data/dump.rdb", begun.plusSeconds(1));
  }

  private static void assertStartsFromAof(Sandbox box) {
    box.run("start.sh", POD);
    assertThat(box.read("run/redis.conf")).endsWith("\nappendonly yes\n");
    assertThat(box.read(MANIFEST)).isEqualTo(LISTED);
  }

  private static void assertStartsFromDump(Sandbox box) {
    box.run("start.sh", POD);
    assertThat(box.read("run/redis.conf")).endsWith("\nappendonly no\n");
    assertThat(box.path("data/appendonlydir")).doesNotExist();
    assertThat(box.path("data/appendonlydir.off")).doesNotExist();
  }

  private static void assertAdoptsDump(Sandbox box) {
    assertThat(box.run("start.sh", POD)).contains("it becomes the base of the AOF");
    assertThat(box.read("run/redis.conf")).endsWith("\nappendonly yes\n");
    assertThat(box.read(BASE)).isEqualTo(box.read("data/dump.rdb"));
    assertThat(box.read(MANIFEST)).isEqualTo("file appendonly.aof.1.base.rdb seq 1 type b\n");
    assertThat(box.path(INCR)).doesNotExist();
  }

  @Test
  void anAofStaysOnWhereItIsAllThatThereIs() {
    Sandbox box = box(RDB);
    aof(box, NOW);
    assertStartsFromAof(box);
  }

  @Test
  void aDumpAloneIsLoadedWithoutAof() {
    Sandbox box = box(RDB);
    dump(box, NOW);
    assertStartsFromDump(box);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "\"YES\"", "'yes'"})
  void aDumpAloneBecomesTheBaseOfTheAofThatIsWanted(String yes) {
    Sandbox box = box("appendonly " + yes + "\n");
    dump(box, NOW);
    assertAdoptsDump(box);
  }

  /**
   * A value that the script does not understand cannot do harm: the server goes on with the dump.
   */
  @Test
  void whateverIsWantedTheDumpIsLoaded() {
    Sandbox box = box("appendonly \"\\x79es\"\n");
    dump(box, NOW);
    assertStartsFromDump(box);
  }

  @ParameterizedTest
  @ValueSource(strings = {AOF, RDB})
  void withoutANoteADumpOfBeforeTheEndOfTheAofIsOlder(String wanted) {
    Sandbox box = box(wanted);
    aof(box, NOW);
    dump(box, NOW.plusSeconds(2));
    assertStartsFromAof(box);
  }

  @Test
  void withoutANoteADumpOfAfterTheEndOfTheAofHasAll() {
    Sandbox box = box(RDB);
    aof(box, NOW);
    dump(box, NOW.plusSeconds(3));
    assertStartsFromDump(box);
  }

  @Test
  void anOldAofNeverWins() {
    Sandbox box = box(AOF);
    aof(box, NOW);
    dump(box, NOW.plusSeconds(3));
    assertAdoptsDump(box);
  }

  @Test
  void aDumpThatDoesNotSayWhenItWasBegunIsOlder() {
    Sandbox box = box(AOF);
    aof(box, NOW);
    box.write("data/dump.rdb", "REDIS0010");
    assertStartsFromAof(box);
  }

  /**
   * What a server said last, and what became of the files since.
   *
   * @param late the dump says that it was begun after the last write to the AOF
   */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # noted,  dump since, AOF since, late,  newest
          on,       same,       same,      false, aof
          on,       same,       same,      true,  aof
          on,       new,        same,      false, aof
          on,       new,        same,      true,  dump
          stopping, new,        same,      false, aof
          stopping, new,        same,      true,  aof
          off,      same,       same,      false, aof
          off,      same,       same,      true,  dump
          off,      new,        same,      false, dump
          off,      new,        same,      true,  dump
          off,      same,       new,       false, aof
          off,      new,        new,       false, aof
          off,      new,        new,       true,  dump
          """)
  void aNoteTellsMoreThanFilesDo(
      String noted, String dumpSince, String aofSince, boolean late, String newest) {
    Sandbox box = box(RDB);
    aof(box, NOW);
    dump(box, NOW.plusSeconds(late ? 3 : 0));
    note(
        box,
        noted,
        dumpSince.equals("same") ? "data/dump.rdb" : "nothing",
        aofSince.equals("same") ? MANIFEST : "nothing");
    if (newest.equals("aof")) {
      assertStartsFromAof(box);
    } else {
      assertStartsFromDump(box);
    }
  }

  private static void note(Sandbox box, String state, String dump, String manifest) {
    box.write(
        "data/persistence",
        state + " " + identity(box, dump) + " " + identity(box, manifest) + "\n");
  }

  private static String identity(Sandbox box, String file) {
    if (!Files.exists(box.path(file))) {
      return "none";
    }
    try {
      Map<String, Object> unix = Files.readAttributes(box.path(file), "unix:ino,size");
      return unix.get("ino")
          + "-"
          + unix.get("size")
          + "-"
          + Files.getLastModifiedTime(box.path(file)).toInstant().getEpochSecond();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * At each step of the change to a new AOF, a script that begins again ends with the same data.
   */
  @ParameterizedTest
  @ValueSource(strings = {"mkdir", "ln", "mv", "rm"})
  void theScriptMayEndAnywhere(String tool) {
    Sandbox box = box(AOF);
    aof(box, NOW);
    dump(box, NOW.plusSeconds(3));
    for (int step = 1; step <= 3; step++) {
      int ends = step;
      box.program(
          "bin/" + tool,
          """
          echo >>"$SANDBOX/%1$s"
          [ $(wc -l <"$SANDBOX/%1$s") != %2$d ] || exec /bin/kill -9 $PPID
          exec /usr/bin/%1$s "$@"
          """
              .formatted(tool, ends));
      box.write(tool, "");
      int exit = Sandbox.exitCode(box.start("start.sh", POD));
      assertThat(exit).isIn(0, 137);
    }
    Sandbox.delete(box.path("bin/" + tool));
    box.run("start.sh", POD);
    assertThat(box.read("run/redis.conf")).endsWith("\nappendonly yes\n");
    assertThat(box.read(BASE)).isEqualTo(box.read("data/dump.rdb"));
  }

  @Test
  void whatIsStartedIsNoted() {
    Sandbox box = box(AOF);
    box.run("start.sh", POD);
    assertThat(box.read("data/persistence")).isEqualTo("on none none\n");
    aof(box, NOW);
    box.run("start.sh", POD);
    assertThat(box.read("data/persistence")).isEqualTo("on none " + identity(box, MANIFEST) + "\n");
  }
}
