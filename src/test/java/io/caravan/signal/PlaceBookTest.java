/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.delivery.Ending;
import io.caravan.journal.Held;
import io.caravan.journal.Inheritance;
import io.caravan.journal.Receipt;
import io.caravan.observe.ledger.Account;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.Balance;
import io.caravan.observe.ledger.Difference;
import io.caravan.observe.ledger.Ledger;
import io.caravan.observe.ledger.Line;
import io.caravan.observe.ledger.Source;
import io.caravan.observe.ledger.Totals;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.signal.books.DroppedLetters;
import io.caravan.signal.books.PlaceBook;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("What a place posts to the book")
@ExtendWith(NoLeaks.class)
class PlaceBookTest {
  private static final PipelineId ID = new PipelineId(PipelineKind.TRACE, "demo");
  private static final Receipt TEN = new Receipt(1, 64, 1, (byte) 0, 10, 1001);
  private static final Amount OF_TEN = new Amount(10, 1001);
  private static final OtlpStatus BAD = OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "bad");

  private Ledger ledger = new Ledger(new SimpleMeterRegistry());
  private PlaceBook book = open(new Inheritance(new byte[0], List.of(), List.of(), List.of()));

  @AfterEach
  void isBalanced() {
    assertThat(ledger.check()).isEmpty();
  }

  @Test
  void shouldShareTheBytesOfWhatTheBackendRejectsSoThatNoneIsLeft() {
    book.written(TEN);
    book.done(TEN, () -> book.delivered(TEN, 3));

    assertThat(line(Account.DROPPED, "rejected")).isEqualTo(new Amount(3, 300));
    assertThat(line(Account.DELIVERED, "")).isEqualTo(new Amount(7, 701));
  }

  @Test
  void shouldDropAllThatTheBackendRejectsThoughItSaysMore() {
    book.written(TEN);
    book.done(TEN, () -> book.delivered(TEN, 12));

    assertThat(line(Account.DROPPED, "rejected")).isEqualTo(OF_TEN);
    assertThat(line(Account.DELIVERED, "")).isEqualTo(Amount.NONE);
  }

  @Test
  void shouldGiveTheBytesThatAreLeftToWhatWasDelivered() {
    OtlpBatch part = TestBatches.spans(4);
    long bytes = part.size();
    DividedEnding ending = divided(6, 1, new Ending.Part(part, new Ending.Refused(BAD)));
    book.written(TEN);

    assertThat(ending.stored()).isTrue();
    book.done(TEN, ending::post);

    assertThat(line(Account.DEAD_LETTERED, "invalid_argument")).isEqualTo(new Amount(4, bytes));
    assertThat(line(Account.DROPPED, "rejected").records()).isEqualTo(1);
    assertThat(line(Account.DELIVERED, "").records()).isEqualTo(5);
    part.release();
  }

  @Test
  void shouldGiveTheBytesThatAreLeftToTheLastPartWhenNothingWasDelivered() {
    OtlpBatch first = TestBatches.spans(4);
    OtlpBatch last = TestBatches.spans(6);
    DividedEnding ending =
        divided(
            0,
            0,
            new Ending.Part(first, new Ending.Refused(BAD)),
            new Ending.Part(last, new Ending.Expired(null)));
    book.written(TEN);

    assertThat(ending.stored()).isFalse();
    assertThat(ending.stored()).isTrue();
    book.done(TEN, ending::post);

    assertThat(line(Account.DEAD_LETTERED, "expired"))
        .isEqualTo(new Amount(6, 1001 - first.size()));
    first.release();
    last.release();
  }

  @Test
  void shouldDropWhatIsCorruptAndWhatIsLeftOfADeletedPipeline() {
    book.written(TEN);
    book.written(TEN);

    book.lost(TEN);
    book.removed();

    assertThat(line(Account.DROPPED, "corrupt")).isEqualTo(OF_TEN);
    assertThat(line(Account.DROPPED, "pipeline_deleted")).isEqualTo(OF_TEN);
  }

  @Test
  void shouldCountAsAcceptedAndDroppedWhatNeverReachedTheJournal() {
    book.droppedAtOnce(Source.OTLP, "journal_full", OF_TEN);
    book.deliveredAtOnce(Source.OTLP, OF_TEN, 1);

    assertThat(line(Account.ACCEPTED, "")).isEqualTo(new Amount(20, 2002));
    assertThat(line(Account.DROPPED, "journal_full")).isEqualTo(OF_TEN);
    assertThat(line(Account.DELIVERED, "").records()).isEqualTo(9);
  }

  @Test
  void shouldGoOnInAnotherProcessAndCountWhatCameAfterTheTotalsWereSaved() {
    book.written(TEN);
    book.written(TEN);
    book.done(TEN, () -> book.delivered(TEN, 0));

    restart(List.of(held(10, 1001)), List.of(held(5, 50)), List.of(held(2, 20)));

    assertThat(balance().accepted()).isEqualTo(new Amount(27, 2072));
    assertThat(balance().delivered()).isEqualTo(OF_TEN);
    assertThat(balance().queued()).isEqualTo(new Amount(15, 1051));
    assertThat(line(Account.DROPPED, "corrupt")).isEqualTo(new Amount(2, 20));
  }

  @Test
  void shouldDropAsCorruptWhatTheTotalsKnowAndTheJournalHasNoMore() {
    book.written(TEN);

    restart(List.of(held(4, 400)), List.of(), List.of());

    assertThat(line(Account.DROPPED, "corrupt")).isEqualTo(new Amount(6, 601));
  }

  @Test
  void shouldBeginAnewWithWhatWaitsWhenTheTotalsCannotBeRead() {
    restart(new byte[] {77}, List.of(held(10, 1001)), List.of(), List.of());

    assertThat(balance().accepted()).isEqualTo(OF_TEN);
    assertThat(balance().queued()).isEqualTo(OF_TEN);
  }

  @Test
  void shouldLetTheCheckFindWhatIsThereThoughItHadEnded() {
    book.written(TEN);
    book.done(TEN, () -> book.delivered(TEN, 0));

    restart(List.of(held(10, 1001)), List.of(), List.of());

    assertThat(ledger.check())
        .containsExactly(new Difference(ID, Source.OTLP, Amount.NONE.minus(OF_TEN)));
    book.done(TEN, () -> {});
  }

  @Test
  void shouldKeepTheTotalsOfDeadLettersThatAreDropped() {
    book.written(TEN);
    book.done(TEN, () -> book.deadLettered(TEN, "invalid_argument", OF_TEN));
    book.deadLettersDropped(
        new DroppedLetters(ID, Source.OTLP, "invalid_argument", "dead_letters_full", OF_TEN));

    restart(List.of(), List.of(), List.of());

    assertThat(balance().deadLettered()).isEqualTo(Amount.NONE);
    assertThat(line(Account.DROPPED, "dead_letters_full")).isEqualTo(OF_TEN);
  }

  private static Held held(long records, long bytes) {
    return new Held((byte) 0, records, bytes);
  }

  private void restart(List<Held> counted, List<Held> since, List<Held> lost) {
    assertThat(Totals.decode(book.totals()).lines()).isNotEmpty();
    restart(book.totals(), counted, since, lost);
  }

  private void restart(byte[] totals, List<Held> counted, List<Held> since, List<Held> lost) {
    ledger = new Ledger(new SimpleMeterRegistry());
    book = open(new Inheritance(totals, counted, since, lost));
  }

  private PlaceBook open(Inheritance inheritance) {
    return PlaceBook.open(ledger.book(ID), inheritance);
  }

  private DividedEnding divided(int delivered, int rejected, Ending.Part... rest) {
    return new DividedEnding(TEN, new Ending.Divided(delivered, rejected, List.of(rest)), book);
  }

  private Balance balance() {
    return ledger.balance(ID).orElseThrow();
  }

  private Amount line(Account account, String reason) {
    return ledger.book(ID).lines().orElseThrow().stream()
        .filter(line -> line.account() == account && line.reason().equals(reason))
        .map(Line::amount)
        .reduce(Amount.NONE, Amount::plus);
  }
}
