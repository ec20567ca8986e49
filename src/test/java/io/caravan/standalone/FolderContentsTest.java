/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static io.caravan.standalone.StandaloneFixture.GRACE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What else lies in folders: links, volumes of Kubernetes, editors' files, what is no manifest. */
@Isolated("it reads the log of the program")
class FolderContentsTest {
  @TempDir private Path folder;
  private StandaloneFixture process;

  @BeforeEach
  void createProcess() throws Exception {
    process = new StandaloneFixture(folder);
  }

  @AfterEach
  void close() {
    process.close();
  }

  private void assertDelivers(String pipeline, String destination) {
    assertThat(process.destination(pipeline))
        .hasValueSatisfying(to -> assertThat(to).contains(destination));
  }

  /** As the kubelet lays out a ConfigMap: folders of versions, a link to one, links through it. */
  private void volume(String version, String host) throws Exception {
    Path files = Files.createDirectory(folder.resolve(version));
    process.write(files.resolve("a.yaml"), Yaml.pipeline("a", host));
    process.write(files.resolve("b.yaml"), Yaml.pipeline("b", host));
    Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
    Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), ATOMIC_MOVE);
  }

  @Test
  void shouldTakeTheSwapOfAMountedConfigMapForOneChange() throws Exception {
    volume("..2026_01_01_00", "one");
    Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data", "a.yaml"));
    Files.createSymbolicLink(folder.resolve("b.yaml"), Path.of("..data", "b.yaml"));
    process.start();
    assertThat(process.reads).containsExactly("a.yaml", "b.yaml");

    volume("..2026_01_02_00", "two");
    Files.delete(folder.resolve("..2026_01_01_00/a.yaml"));
    Files.delete(folder.resolve("..2026_01_01_00/b.yaml"));
    Files.delete(folder.resolve("..2026_01_01_00"));
    process.settle();

    assertThat(process.reads).containsExactly("a.yaml", "b.yaml", "a.yaml", "b.yaml");
    assertThat(process.plane.plans).hasSize(2);
    assertDelivers("a", "two");
    assertDelivers("b", "two");
    assertThat(process.told())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("Pipeline changed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".demo.yaml.swp", ".demo.yaml", "demo.yaml~", "#demo.yaml#", "demo.yaml.tmp",
        "demo.yaml.bak", "4913", "README.md", "demo.json5", "..data.yaml"
      })
  void shouldLeaveAloneWhatIsAnEditorsOrNoManifest(String name) throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    process.write(name, Yaml.pipeline("demo", "two"));
    process.settle();

    assertThat(process.reads).containsExactly("demo.yaml");
    assertThat(process.told()).isEmpty();
  }

  @Test
  void shouldReadBothSuffixesAndNoSubFolder() throws Exception {
    process.write("a.yaml", Yaml.pipeline("a", "one"));
    process.write("b.yml", Yaml.pipeline("b", "one"));
    Files.createDirectories(folder.resolve("sub.yaml"));
    process.write("sub.yaml/c.yaml", Yaml.pipeline("c", "one"));
    process.start();
    process.settle();

    assertThat(process.reads).containsExactly("a.yaml", "b.yml");
    assertThat(process.told()).isEmpty();
  }

  @Test
  @Timeout(5)
  void shouldNotBeHeldByAPipe() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    pipe("pipe.yaml");
    process.start();
    assertThat(process.reads).containsExactly("demo.yaml");

    process.delete("demo.yaml");
    pipe("demo.yaml");
    process.expire();
    assertThat(process.reads).containsExactly("demo.yaml");
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline removed");
  }

  private void pipe(String name) throws Exception {
    String path = folder.resolve(name).toString();
    assertThat(new ProcessBuilder("mkfifo", path).start().waitFor()).isZero();
  }

  @Test
  void shouldReportATextThatIsNotUtf8AndGoOn() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    Files.write(folder.resolve("demo.yaml"), "# caf\u00e9\n".getBytes(ISO_8859_1));
    process.stamped(folder.resolve("demo.yaml"));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertThat(process.told()).singleElement().asString().contains("demo.yaml: is not UTF-8 text");
    assertDelivers("demo", "one");
  }

  @Test
  void shouldReportBinaryAndEmptyFilesAndGoOn() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.write("other.yaml", Yaml.pipeline("other", "one"));
    process.start();

    process.write("demo.yaml", "\u007fELF\u0002\u0001\u0000\u0000");
    process.write("other.yaml", "");
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertThat(process.told())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("Manifest is wrong").contains("demo.yaml:"),
            line ->
                assertThat(line).startsWith("Manifest is wrong").contains("other.yaml: is empty"));
    assertDelivers("demo", "one");
    assertDelivers("other", "one");
  }

  @Test
  void shouldNotFillTheHeapWithAHugeFile() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    try (RandomAccessFile sparse =
        new RandomAccessFile(folder.resolve("demo.yaml").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    process.settle();

    assertThat(process.told()).singleElement().asString().contains("demo.yaml: is larger than");
    assertDelivers("demo", "one");
  }

  @Test
  void shouldRemoveWhatALinkIntoNowhereHeldAndTakeItBack() throws Exception {
    Path target = process.write("target", Yaml.pipeline("demo", "one"));
    Files.createSymbolicLink(folder.resolve("demo.yaml"), target);
    process.start();
    assertDelivers("demo", "one");

    Files.delete(target);
    process.expire();
    assertThat(process.destination("demo")).isEmpty();

    process.write("target", Yaml.pipeline("demo", "two"));
    process.settle();
    assertDelivers("demo", "two");
  }

  @Test
  void shouldKeepWhatStoodInAFileThatCannotBeLookedAt() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    process.delete("demo.yaml");
    Files.createSymbolicLink(folder.resolve("demo.yaml"), Path.of("demo.yaml"));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertDelivers("demo", "one");
    assertThat(process.told()).singleElement().asString().contains("demo.yaml: cannot be read");
  }

  @Test
  void shouldKeepWhatAFolderHeldThatVanishesAndSayItOnce() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
    Path away = folder.resolveSibling(folder.getFileName() + "-away");

    Files.move(folder, away);
    process.look();
    process.lookAfter(GRACE.multipliedBy(2));
    assertDelivers("demo", "one");
    assertThat(process.told())
        .containsExactly("Folder cannot be listed; what it held keeps running folder=" + folder);

    Files.move(away, folder);
    process.look();
    process.lookAfter(GRACE.multipliedBy(2));
    assertThat(process.told()).containsExactly("Folder can be listed again folder=" + folder);
    assertThat(process.plane.plans).hasSize(1);
  }

  @Test
  void shouldReadAFolderOnceThatIsNamedInTwoWays(@TempDir Path elsewhere) throws Exception {
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder);
    process.close();
    process = new StandaloneFixture(folder, folder.resolve("."), link);
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    assertThat(process.reads).containsExactly("demo.yaml");
    assertThat(process.told()).isEmpty();
    assertDelivers("demo", "one");
  }

  @Test
  void shouldWarnOnceOfASecretFileThatOthersMayReadUntilTheyMayNot() throws Exception {
    Path file = process.write("secret.yaml", Yaml.secret("backend", "http://one:4317"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    process.start();
    assertThat(process.told())
        .containsExactly(
            "Manifest needs care finding=%s: holds a Secret and other users may read it; chmod 600 %s"
                .formatted(file, file));

    process.write("secret.yaml", "# new\n" + Yaml.secret("backend", "http://two:4317"));
    process.settle();
    assertThat(process.told()).as("told once").isEmpty();

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    process.settle();
    assertThat(process.standalone().findings()).isEmpty();
  }

  @Test
  void shouldNotWarnOfOpenFilesWithoutSecrets() throws Exception {
    Path file = process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    process.start();

    assertThat(process.told()).isEmpty();
  }

  @Test
  void shouldBeEmptyOnlyWithoutAnythingThatWasMeantForUs() throws Exception {
    process.write("service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
    process.start();
    assertThat(process.standalone().empty()).isTrue();
    assertThat(process.told()).singleElement().asString().startsWith("Manifest has no effect");

    process.write("demo.yaml", Yaml.wrongPipeline("demo"));
    process.settle();
    assertThat(process.standalone().empty()).isFalse();
    assertThat(process.told())
        .isEqualTo(
            List.of(process.standalone().findings().getFirst()).stream()
                .map(one -> "Manifest is wrong finding=" + one)
                .toList());
  }
}
