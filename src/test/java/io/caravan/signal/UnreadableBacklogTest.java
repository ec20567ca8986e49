/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder;
import io.caravan.journal.ForgetfulFolder.Operation;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The files of the journal are there, and may not be opened. */
@DisplayName("A backlog that cannot be read")
@ExtendWith(NoLeaks.class)
class UnreadableBacklogTest {
  private static final JournalSettings SETTINGS = JournalSettings.of(1 << 30).withFreePercent(0);

  @TempDir private Path data;

  private final ForgetfulFolder folder = new ForgetfulFolder();

  @Test
  void shouldBeSaidInTheStatusHurtNobodyElseAndRecover() {
    try (KeepingPipelines pipelines =
        new KeepingPipelines(data, folder, SETTINGS, JournalListener.NONE)) {
      pipelines.plan("behind", KeepingPipelines.QUICK);
      pipelines.backend("behind", KeepingPipelines.DOWN);
      for (int i = 0; i < 20; i++) {
        pipelines.send(TestBatches.spans(3));
      }

      forbidReading(pipelines);
      pipelines.plan("well", KeepingPipelines.QUICK);
      pipelines.backend("behind", KeepingPipelines.UP);
      assertThat(pipelines.send(TestBatches.spans(5))).isInstanceOf(Reply.Taken.class);

      pipelines.awaitDelivered("well");
      assertThat(pipelines.arrived("well")).isEqualTo(5);
      folder.failing((_, _) -> false);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(pipelines.arrived("behind")).isEqualTo(65));
      pipelines.awaitDelivered("behind");
      await().untilAsserted(() -> assertThat(pipelines.subscriptions().failures()).isEmpty());
    }
  }

  /** Of the segment that was found at the start of the process. */
  private void forbidReading(KeepingPipelines pipelines) {
    pipelines.close();
    pipelines.openJournal();
    folder.failing((operation, name) -> operation == Operation.OPEN && name.endsWith("01.seg"));
    pipelines.begin();
    await()
        .untilAsserted(
            () ->
                assertThat(pipelines.subscriptions().failures().get(KeepingPipelines.id("behind")))
                    .isNotNull()
                    .satisfies(
                        failure ->
                            assertThat(failure.message())
                                .contains("cannot be read from the journal", "OPEN", ".seg")));
  }

  @Test
  void shouldNotBeTakenForAnEmptyOneAtStart() throws IOException {
    try (KeepingPipelines pipelines =
        new KeepingPipelines(data, folder, SETTINGS, JournalListener.NONE)) {
      pipelines.plan("behind", KeepingPipelines.QUICK);
      pipelines.backend("behind", KeepingPipelines.DOWN);
      pipelines.send(TestBatches.spans(3));
    }

    folder.failing((operation, name) -> operation == Operation.OPEN && name.endsWith(".seg"));
    assertThatThrownBy(() -> Journal.open(folder, SETTINGS, JournalListener.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(".seg");

    folder.failing((_, _) -> false);
    try (Journal journal = Journal.open(folder, SETTINGS, JournalListener.NONE)) {
      assertThat(journal.find("tracepipeline/behind").orElseThrow().pendingRecords()).isEqualTo(3);
    }
  }
}
