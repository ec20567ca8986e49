/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.journal.deadletters.DeadLetterHeader;
import io.caravan.journal.deadletters.DeadLetterId;
import io.caravan.journal.deadletters.DeadLetterListener.Cause;
import io.caravan.journal.deadletters.StoredDeadLetter;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.Source;
import io.caravan.signal.books.DroppedLetters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dead letters that are given up are counted, and told to the ledger. */
class DeadLetterHomeTest {
  private static final String DEMO = "tracepipeline/demo";
  private static final PipelineId ID = new PipelineId(PipelineKind.TRACE, "demo");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DeadLetterHome home = new DeadLetterHome(meters);
  private final List<DroppedLetters> told = new ArrayList<>();

  @Test
  void shouldTellTheLedgerWhatWasDroppedBeforeThereWasOneInOneSum() {
    home.dropped(Cause.EXPIRED, letter(DEMO, "refused", "INVALID_ARGUMENT", 3, 100));
    home.dropped(Cause.EXPIRED, letter(DEMO, "refused", "INVALID_ARGUMENT", 4, 50));

    home.tell(told::add);

    assertThat(told)
        .containsExactly(
            new DroppedLetters(
                ID, Source.OTLP, "invalid_argument", "dead_letters_expired", new Amount(7, 150)));
    home.tell(told::add);
    assertThat(told).as("told once").hasSize(1);
  }

  @Test
  void shouldTellAtOnceWhatIsDroppedLaterByTheReasonItWasPutAsideFor() {
    home.tell(told::add);

    home.dropped(Cause.FULL, letter(DEMO, "expired", "UNAVAILABLE", 2, 10));
    home.dropped(Cause.PURGED, letter(DEMO, "refused", "PERMISSION_DENIED", 1, 5));

    assertThat(told.stream().map(DroppedLetters::deadLettered))
        .containsExactly("expired", "permission_denied");
    assertThat(told.stream().map(DroppedLetters::dropped))
        .containsExactly("dead_letters_full", "dead_letters_purged");
  }

  @Test
  void shouldCountRecordsByTheReasonTheyAreGoneFor() {
    home.dropped(Cause.FULL, letter(DEMO, "refused", "INTERNAL", 2, 10));
    home.dropped(Cause.FULL, letter("logpipeline/other", "refused", "INTERNAL", 5, 10));
    home.dropped(Cause.PURGED, letter(DEMO, "refused", "INTERNAL", 1, 10));

    assertThat(counted("dead_letters_full")).isEqualTo(7);
    assertThat(counted("dead_letters_purged")).isEqualTo(1);
  }

  @Test
  void shouldTellHowMuchALetterWasThatNobodyCanRead() {
    home.tell(told::add);

    home.unreadable(DEMO, 9, 300);

    assertThat(told)
        .containsExactly(
            new DroppedLetters(
                ID, Source.OTLP, "unknown", "dead_letters_unreadable", new Amount(9, 300)));
    assertThat(counted("dead_letters_unreadable")).isEqualTo(9);
  }

  @Test
  void shouldCountAndNotTellWhatBelongsToNoPipeline() {
    home.tell(told::add);

    home.dropped(Cause.EXPIRED, letter("something else", "refused", "INTERNAL", 2, 10));

    assertThat(told).isEmpty();
    assertThat(counted("dead_letters_expired")).isEqualTo(2);
  }

  private double counted(String reason) {
    return meters.get("caravan.dead.letters.dropped").tag("reason", reason).counter().count();
  }

  private static StoredDeadLetter letter(
      String pipeline, String reason, String code, int records, long bytes) {
    return new StoredDeadLetter(
        new DeadLetterId(pipeline, 64),
        new DeadLetterHeader(
            reason, code, "no", Instant.EPOCH, Instant.EPOCH, (byte) 0, (byte) 0, records),
        bytes);
  }
}
