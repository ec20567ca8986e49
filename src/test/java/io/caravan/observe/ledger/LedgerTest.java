/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the books say, and what a check makes of it. */
final class LedgerTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");
  private static final PipelineId OTHER = new PipelineId(PipelineKind.TRACE, "other");
  private static final Source REPLAYED = new Source(Input.OTLP, Origin.REPLAY);

  private final Ledger ledger = new Ledger(new SimpleMeterRegistry());
  private final PipelineBook book = ledger.book(DEMO);

  @Test
  void shouldAccountForEveryRecordWhateverBecameOfIt() {
    take(Source.OTLP, amount(100));
    book.created(Source.OTLP, "aggregated", amount(1));
    book.queued(Source.OTLP, amount(1));

    letGo(() -> book.delivered(Source.OTLP, amount(50)), amount(50));
    letGo(() -> book.dropped(Source.OTLP, "filter", amount(20)), amount(20));
    letGo(() -> book.dropped(Source.OTLP, "rejected", amount(3)), amount(3));
    letGo(() -> book.deadLettered(Source.OTLP, "invalid_argument", amount(7)), amount(7));

    assertThat(ledger.balance(DEMO))
        .contains(
            new Balance(amount(100), amount(1), amount(50), amount(21), amount(23), amount(7)));
    assertThat(ledger.check()).isEmpty();
  }

  @Test
  void shouldFindRecordsThatDisappearedWithoutAReason() {
    take(Source.OTLP, amount(100));
    letGo(() -> book.delivered(Source.OTLP, amount(98)), amount(100));

    assertThat(ledger.check()).containsExactly(new Difference(DEMO, Source.OTLP, amount(2)));
  }

  @Test
  void shouldFindRecordsThatWereCountedTwice() {
    take(Source.OTLP, amount(100));
    letGo(() -> book.delivered(Source.OTLP, amount(100)), amount(100));
    book.dropped(Source.OTLP, "expired", amount(100));

    assertThat(ledger.check())
        .containsExactly(new Difference(DEMO, Source.OTLP, Amount.NONE.minus(amount(100))));
  }

  @Test
  void shouldFindBytesThatDisappearedAlthoughNoRecordDid() {
    take(Source.OTLP, new Amount(1, 400));
    letGo(() -> book.delivered(Source.OTLP, new Amount(1, 399)), new Amount(1, 400));

    assertThat(ledger.check()).containsExactly(new Difference(DEMO, Source.OTLP, new Amount(0, 1)));
  }

  @Test
  void shouldNotLetOneSourceOrPipelineMakeUpForAnother() {
    take(Source.OTLP, amount(10));
    take(REPLAYED, amount(10));
    letGo(() -> book.delivered(Source.OTLP, amount(20)), amount(10));
    book.unqueued(REPLAYED, amount(10));
    ledger.book(OTHER).accepted(Source.OTLP, amount(5));

    assertThat(ledger.check())
        .containsExactly(
            new Difference(DEMO, Source.OTLP, Amount.NONE.minus(amount(10))),
            new Difference(DEMO, REPLAYED, amount(10)),
            new Difference(OTHER, Source.OTLP, amount(5)));
    assertThat(ledger.balance(DEMO).orElseThrow().difference()).isEqualTo(Amount.NONE);
  }

  @Test
  void shouldCountDeadLettersThatExpireAsDroppedAndNoLongerAsDeadLetters() {
    book.accepted(Source.OTLP, amount(10));
    book.deadLettered(Source.OTLP, "invalid_argument", amount(10));

    book.deadLettersDropped(Source.OTLP, "invalid_argument", "dead_letter_expired", amount(4));

    assertThat(ledger.balance(DEMO))
        .contains(
            new Balance(amount(10), Amount.NONE, Amount.NONE, Amount.NONE, amount(4), amount(6)));
    assertThat(ledger.check()).isEmpty();
  }

  @Test
  void shouldLeaveDeadLettersWhereTheyAreWhenTheyAreReplayed() {
    book.accepted(Source.OTLP, amount(10));
    book.deadLettered(Source.OTLP, "invalid_argument", amount(10));

    book.accepted(REPLAYED, amount(10));
    book.delivered(REPLAYED, amount(10));

    assertThat(book.balances().orElseThrow())
        .containsOnlyKeys(Source.OTLP, REPLAYED)
        .allSatisfy((source, balance) -> assertThat(balance.difference().isNone()).isTrue());
    assertThat(ledger.balance(DEMO).orElseThrow().deadLettered()).isEqualTo(amount(10));
  }

  @Test
  void shouldMakeNoStatementOnABookThatIsBeingWrittenTo() {
    book.together(
        () -> {
          book.accepted(Source.OTLP, amount(1));

          assertThat(book.balances()).isEmpty();
          assertThat(ledger.balance(DEMO)).isEmpty();
          assertThat(book.lines()).isEmpty();
          assertThat(ledger.check()).isEmpty();
          book.delivered(Source.OTLP, amount(1));
        });

    assertThat(book.balances()).isPresent();
  }

  @Test
  void shouldStayReadableWhenAPostingFails() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> book.together(() -> book.dropped(Source.OTLP, "Not a word", amount(1))));

    assertThat(book.balances()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "connect to 10.0.0.1 failed", "FILTER", "a{b}", "1st", "filter\n"})
  void shouldRefuseAReasonThatIsNoWord(String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> book.dropped(Source.OTLP, reason, amount(1)))
        .withMessageContaining(reason);
    assertThat(ledger.balance(DEMO)).contains(Balance.EMPTY);
  }

  @Test
  void shouldRefuseToPostANegativeAmount() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> book.delivered(Source.OTLP, new Amount(-1, 0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> book.unqueued(Source.OTLP, new Amount(0, -1)));
  }

  @Test
  void shouldBeginANewBookForAPipelineThatWasRemoved() {
    book.accepted(Source.OTLP, amount(1));

    ledger.remove(DEMO);

    assertThat(ledger.check()).isEmpty();
    assertThat(ledger.balance(DEMO)).isEmpty();
    assertThat(ledger.book(DEMO)).isNotSameAs(book);
  }

  private void take(Source source, Amount amount) {
    book.together(
        () -> {
          book.accepted(source, amount);
          book.queued(source, amount);
        });
  }

  private void letGo(Runnable ending, Amount amount) {
    book.together(
        () -> {
          ending.run();
          book.unqueued(Source.OTLP, amount);
        });
  }

  private static Amount amount(long records) {
    return new Amount(records, records * 400);
  }
}
