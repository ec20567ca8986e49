/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.journal.DiskFolder;
import io.caravan.journal.deadletters.DeadLetter;
import io.caravan.journal.deadletters.DeadLetterHeader;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.observe.ControlSocket;
import io.caravan.otlp.NoLeaks;
import io.caravan.standalone.DataFolder;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands, a control socket and dead letters on a disk. */
@ExtendWith(NoLeaks.class)
class DeadLettersCommandTest {
  private static final String DEMO = "tracepipeline/demo";

  @TempDir Path data;
  private DeadLetters letters;
  private ControlSocket socket;

  @BeforeEach
  void open() throws IOException {
    letters =
        DeadLetters.open(
            DiskFolder.at(data.resolve("dead-letters")),
            DeadLetterSettings.DEFAULT,
            DeadLetterListener.NONE);
    socket =
        ControlSocket.open(
            DataFolder.controlSocket(data),
            new DeadLetterControl(letters, () -> Set.of(DEMO, "metricpipeline/quiet")).commands());
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    letters.close();
  }

  @Test
  void shouldCountTheLettersOfAllPipelines() {
    add(DEMO, "no");
    add(DEMO, "no");
    add("logpipeline/other", "no");

    assertThat(ask("ls").out())
        .isEqualToNormalizingNewlines(
            """
            PIPELINE            LETTERS  RECORDS  BYTES
            logpipeline/other   1        3        7
            tracepipeline/demo  2        6        14
            """);
  }

  @Test
  void shouldListTheLettersOfAPipelineAndSayHowManyMoreThereAre() throws IOException {
    Instant buried = add(DEMO, "first\nline \u001b[31m");
    add(DEMO, "second");

    Answer answer = ask("ls", DEMO, "--limit", "1");

    assertThat(answer.err()).isEmpty();
    assertThat(answer.out())
        .containsPattern("ID +BURIED +REASON +CODE +RECORDS +BYTES +MESSAGE")
        .contains(id(), buried.toString(), "refused", "INVALID_ARGUMENT", "first line  [31m")
        .contains("and 1 more")
        .doesNotContain("second", "\u001b");
  }

  @Test
  void shouldShowALetterAndWriteItsPayload() throws IOException {
    add(DEMO, "no such field");
    Path file = data.resolve("letter.pb");

    Answer answer = ask("show", id(), "--payload", file.toString());

    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).containsPattern("message: +no such field").doesNotContain("payload");
    assertThat(file).hasContent("payload");
    assertThat(ask("show", id(), "--payload", file.toString()).err()).contains("new file");
  }

  @Test
  void shouldSayWhatToDoWhenThereIsNoSuchLetter() {
    assertThat(ask("show", "nonsense").err()).contains("'nonsense' is no id", "dead-letters ls");
    Answer answer = ask("show", DEMO + "@40");
    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.err()).contains("no dead letter " + DEMO + "@40");
  }

  @Test
  void shouldSayWhichPipelinesThereAreWhenThereIsNoneOfThatName() {
    add("logpipeline/gone", "no");

    for (String command : List.of("ls", "purge")) {
      Answer answer = ask(command, "nope");
      assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
      assertThat(answer.err())
          .contains(
              "there is no pipeline 'nope'; there are: logpipeline/gone, metricpipeline/quiet, "
                  + DEMO);
    }
    assertThat(ask("ls", "metricpipeline/quiet").code()).as("it has no letters").isZero();
    assertThat(ask("ls", "logpipeline/gone").code()).as("it has letters").isZero();
  }

  @Test
  void shouldPurgeAPipeline() {
    add(DEMO, "no");
    add("logpipeline/other", "no");

    assertThat(ask("purge", DEMO).out())
        .contains("purged 1 dead letters of " + DEMO + ": 3 records, 7 bytes");

    assertThat(letters.counts()).containsOnlyKeys("logpipeline/other");
  }

  @Test
  void shouldSayThatAPipelineHasNoLetters() {
    add(DEMO, "no");

    for (String command : List.of("ls", "purge")) {
      Answer answer = ask(command, "metricpipeline/quiet");
      assertThat(answer.code()).isZero();
      assertThat(answer.out())
          .contains("there are no dead letters of 'metricpipeline/quiet'", "dead-letters ls");
    }
    assertThat(letters.counts()).containsOnlyKeys(DEMO);
  }

  @Test
  void shouldSayThatACommandIsMissing() {
    Answer answer = Answer.to("dead-letters");

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).contains("ls, show, replay or purge");
  }

  @Test
  void shouldSayThatNoProcessAnswers() throws IOException {
    socket.close();

    Answer answer = ask("ls");

    assertThat(answer.code()).isEqualTo(ExitCode.NOT_RUNNING);
    assertThat(answer.err()).startsWith("caravan: no process answers for the data folder " + data);
  }

  private Answer ask(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "dead-letters";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--data";
    all[all.length - 1] = data.toString();
    return Answer.to(all);
  }

  private String id() throws IOException {
    return letters.list(DEMO, 1).letters().getFirst().id().toString();
  }

  private Instant add(String pipeline, String message) {
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    CompletableFuture<Optional<IOException>> stored = new CompletableFuture<>();
    letters.add(
        pipeline,
        new DeadLetter(
            new DeadLetterHeader(
                "refused", "INVALID_ARGUMENT", message, now, now, (byte) 0, (byte) 1, 3),
            Unpooled.copiedBuffer("payload", UTF_8)),
        cause -> stored.complete(Optional.ofNullable(cause)));
    assertThat(stored.join()).isEmpty();
    return now;
  }
}
