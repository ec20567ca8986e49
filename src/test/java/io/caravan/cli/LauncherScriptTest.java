/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code caravan}, in a checkout whose JDK tells how it is called. */
class LauncherScriptTest {

  /** What the script needs of the system's tools, in a folder where there is no Java. */
  private static final List<String> TOOLS =
      List.of(
          "sh",
          "dirname",
          "readlink",
          "sed",
          "head",
          "find",
          "mkdir",
          "date",
          "sleep",
          "grep",
          "tail",
          "flock",
          "cat",
          "rm",
          "kill");

  @TempDir Path base;
  private Path home = Path.of("");
  private Path jdks = Path.of("");

  @BeforeEach
  void checkout() throws IOException {
    home = Files.createDirectories(base.resolve("a check out"));
    jdks = Files.createDirectories(base.resolve("some jdks"));
    executable(home.resolve("caravan"), Files.readString(Path.of("caravan")));
    Path tools = Files.createDirectory(base.resolve("tools"));
    for (String tool : TOOLS) {
      for (String folder : List.of("/usr/bin", "/bin")) {
        Path program = Path.of(folder, tool);
        if (Files.isExecutable(program) && !Files.exists(tools.resolve(tool))) {
          executable(tools.resolve(tool), "#!/bin/sh\nexec %s \"$@\"\n".formatted(program));
        }
      }
    }
  }

  @Test
  void shouldSayThatThereIsNoJavaAndHowToGetOne() throws Exception {
    built();

    Ended ended = launch(Map.of(), "--version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .isEqualToNormalizingNewlines(
            "caravan: needs a JDK 25 or newer and found no Java at all; get one from https://adoptium.net (or: sdk install java 25-tem) and set JAVA_HOME to its folder if it is still not found.\n");
  }

  @Test
  void shouldNameEveryJdkThatIsTooOld() throws Exception {
    built();
    Path old = jdk("17.0.9");
    Path older = jdk("1.8.0_402");

    Ended ended = launch(Map.of("JAVA_HOME", old.toString()), "--version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("17.0.9 in " + old, "1.8.0_402 in " + older, "adoptium.net");
  }

  @Test
  void shouldLookNowhereElseThanItIsTold() throws Exception {
    built();
    jdk("25");

    Ended ended = launch(Map.of("CARAVAN_JAVA_HOME", base + "/no jdk"), "--version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("nothing usable in CARAVAN_JAVA_HOME=" + base + "/no jdk");
  }

  @Test
  void shouldRunWithSpacesInEveryPathAndArgument() throws Exception {
    built();
    jdk("25.0.1");

    Ended ended = launch(Map.of(), "run", "my pipelines", "--data", "a  b", "*", "");

    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out())
        .contains("[-jar]", "[" + home.toRealPath() + "/target/caravan.jar]")
        .endsWith("[run]\n[my pipelines]\n[--data]\n[a  b]\n[*]\n[]\n");
  }

  @Test
  void shouldPutTheUsersOptionsAfterItsOwn() throws Exception {
    built();
    jdk("25");

    Ended ended =
        launch(
            Map.of("JAVA_OPTS", "-Xmx1g", "CARAVAN_JAVA_OPTS", "-Xmx2g  -Dglob=* -Dall=/*"),
            "--version");

    assertThat(ended.out())
        .containsSubsequence(
            "[-Xmx153m]", "[-Xmx1g]", "[-Xmx2g]", "[-Dglob=*]", "[-Dall=/*]", "[-jar]");
  }

  @ParameterizedTest
  @CsvSource({
    "512MiB, 153, 230",
    "192m,    25,  38",
    "2GiB,   768, 1152",
    "'',     153, 230",
  })
  void shouldShareItsMemoryBetweenHeapAndRequests(String memory, int heap, int direct)
      throws Exception {
    built();
    jdk("25");

    Ended ended = launch(Map.of("CARAVAN_MEMORY", memory), "--version");

    assertThat(ended.out()).contains("[-Xmx" + heap + "m]", "[-XX:MaxDirectMemorySize=" + direct);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lots", "512", "128MiB", "MiB", "99999999MiB", "-1GiB", "1.5GiB"})
  void shouldSayWhatMemoryItCanHave(String memory) throws Exception {
    built();
    jdk("25");

    Ended ended = launch(Map.of("CARAVAN_MEMORY", memory), "--version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("CARAVAN_MEMORY=" + memory, "192MiB", "512MiB or 2GiB");
  }

  @Test
  void shouldBeFoundThroughSymbolicLinks() throws Exception {
    built();
    jdk("26-ea");
    Path bin = Files.createDirectories(base.resolve("my bin"));
    Files.createSymbolicLink(bin.resolve("relative"), Path.of("../a check out/caravan"));
    Files.createSymbolicLink(bin.resolve("caravan"), bin.resolve("relative"));

    Ended ended = end(start(bin.resolve("caravan"), Map.of(), "status"));

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).contains("[" + home.toRealPath() + "/target/caravan.jar]");
  }

  @Test
  void shouldBuildWhatIsNotThereAndSayWhereTheReasonStandsWhenThatFails() throws Exception {
    sources();
    jdk("25");
    executable(home.resolve("mvnw"), "#!/bin/sh\necho '[ERROR] no space left'\nexit 1\n");

    Ended ended = launch(Map.of("CARAVAN_BUILD", "auto"), "--version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("there is no program yet", "[ERROR] no space left", "caravan-build.log");
  }

  @Test
  void shouldBuildAgainWhenASourceIsNewer() throws Exception {
    built();
    sources();
    jdk("25");
    Files.setLastModifiedTime(
        home.resolve("target/caravan.jar"), FileTime.from(Instant.now().minusSeconds(60)));
    executable(home.resolve("mvnw"), "#!/bin/sh\necho \"$JAVA_HOME $*\" >mvnw.called\n");

    Ended ended = launch(Map.of("CARAVAN_BUILD", "auto"), "--version");

    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.err()).contains("the sources are newer than the program", "built in");
    assertThat(Files.readString(home.resolve("mvnw.called")))
        .startsWith(jdks + "/25 ")
        .contains("package");
    assertThat(launch(Map.of("CARAVAN_BUILD", "auto"), "--version").err()).isEmpty();
  }

  @Test
  void shouldEndTheBuildWhenItIsInterrupted() throws Exception {
    sources();
    jdk("25");
    executable(
        home.resolve("mvnw"),
        "#!/bin/sh\ntrap 'echo ended >mvnw.ended; exit 1' TERM\necho $$ >mvnw.pid\nwhile :; do sleep 0.1; done\n");
    Process launcher = start(home.resolve("caravan"), Map.of("CARAVAN_BUILD", "auto"), "--version");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Files.exists(home.resolve("mvnw.pid")));

    launcher.destroy();
    Ended ended = end(launcher);

    assertThat(ended.code()).isEqualTo(143);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Files.exists(home.resolve("mvnw.ended")));
    assertThat(home.resolve("target/caravan.built")).doesNotExist();
  }

  @Test
  void shouldSayThatItMayNotBuild() throws Exception {
    sources();
    jdk("25");

    Ended ended = launch(Map.of(), "--version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("there is no ", "/target/caravan.jar", "CARAVAN_BUILD=off");
  }

  private void built() throws IOException {
    Files.createDirectories(home.resolve("target/lib"));
    Files.writeString(home.resolve("target/caravan.jar"), "");
  }

  private void sources() throws IOException {
    Files.createDirectories(home.resolve("src/main"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
  }

  /** A JDK whose java prints its arguments, one a line in brackets, and ends with 7. */
  private Path jdk(String version) throws IOException {
    Path jdk = Files.createDirectories(jdks.resolve(version));
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(
        jdk.resolve("release"), "JAVA_VERSION=\"%s\"\nOS_ARCH=\"x86_64\"\n".formatted(version));
    executable(
        jdk.resolve("bin/java"),
        "#!/bin/sh\nfor one; do printf '[%s]\\n' \"$one\"; done\nexit 7\n");
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    return jdk;
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Ended(int code, String out, String err) {}

  private Ended launch(Map<String, String> environment, String... arguments) throws Exception {
    return end(start(home.resolve("caravan"), environment, arguments));
  }

  private Process start(Path script, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(base.toFile());
    builder
        .redirectOutput(base.resolve("out").toFile())
        .redirectError(base.resolve("err").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", base.resolve("tools").toString());
    builder.environment().put("HOME", base.toString());
    builder.environment().put("CARAVAN_JDK_FOLDERS", jdks.toString());
    builder.environment().put("CARAVAN_BUILD", "off");
    builder.environment().put("CARAVAN_AOT", "off");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ended end(Process process) throws Exception {
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(base.resolve("out"), UTF_8),
        Files.readString(base.resolve("err"), UTF_8));
  }
}
