/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.journal.AppendListener;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.Entry;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import io.caravan.journal.Target;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandTest {
  private static final String SEGMENT = "00000000000000000001.seg";

  @TempDir Path data;

  @Test
  void shouldListSegmentsAndWhatIsPending() throws Exception {
    fill();

    Answer answer = journal("ls");

    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out())
        .containsPattern(SEGMENT + " +\\d+ bytes +2 entries ended")
        .contains("tracepipeline/a: 7 records in 1 entries pending, 100 bytes");
  }

  @Test
  void shouldPrintALineForEachRecordWhileAProcessWorksOnIt() throws Exception {
    fill();

    try (Journal running = open()) {
      assertThat(running.places()).hasSize(1);
      Answer answer = journal("cat");

      assertThat(answer.code()).as(answer.err()).isZero();
      assertThat(answer.out().lines())
          .hasSize(2)
          .first()
          .asString()
          .endsWith(
              "time=2023-11-14T22:13:20Z signal=1 records=7 bytes=100 for=tracepipeline/a:7:done");
      assertThat(answer.out().lines().skip(1)).allMatch(line -> line.endsWith(":7:pending"));
    }
  }

  @Test
  void shouldFindAByteThatIsNotWhatWasWritten() throws Exception {
    fill();
    assertThat(journal("verify").out()).isEqualTo("1 segments, 2 entries read%n".formatted());
    Path file = data.resolve("journal").resolve(SEGMENT);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 80] ^= 1;
    Files.write(file, bytes);

    Answer answer = journal("verify");

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out()).containsPattern(SEGMENT + ": \\d+ bytes at \\d+ are not what was");
  }

  @Test
  void shouldSayThatThereIsNone() {
    Answer answer = journal("ls");

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).contains("there is no journal in the data folder " + data);
  }

  private Answer journal(String action) {
    return Answer.to("journal", action, "--data", data.toString());
  }

  private void fill() throws Exception {
    try (Journal journal = open()) {
      Place place = journal.place("tracepipeline/a");
      place.acknowledge(append(journal, place));
      append(journal, place);
    }
  }

  private Journal open() throws IOException {
    return Journal.open(
        DiskFolder.at(data.resolve("journal")),
        JournalSettings.of(1 << 20).withFreePercent(0),
        JournalListener.NONE);
  }

  private static Receipt append(Journal journal, Place place) throws Exception {
    place.tryReserve(100);
    CompletableFuture<Receipt> answer = new CompletableFuture<>();
    journal.append(
        new Entry(
            (byte) 1,
            (byte) 0,
            1_700_000_000_000L,
            7,
            0,
            List.of(new Target(place, 7, 100)),
            Unpooled.wrappedBuffer(new byte[100]),
            true),
        new AppendListener() {
          @Override
          public void written(List<Receipt> receipts) {
            answer.complete(receipts.getFirst());
          }

          @Override
          public void failed(IOException cause) {
            answer.completeExceptionally(cause);
          }
        });
    return answer.get();
  }
}
