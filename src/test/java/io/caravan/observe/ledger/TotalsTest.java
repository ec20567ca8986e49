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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ledger across restarts. */
final class TotalsTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");

  private final Totals before = new Totals();

  @Test
  void shouldGoOnWhereTheProcessBeforeHasEnded() {
    before.accepted(Source.OTLP, amount(100));
    before.delivered(Source.OTLP, amount(60));
    before.dropped(Source.OTLP, "rejected", amount(5));

    Totals after = Totals.decode(before.encode());

    assertThat(after.lines()).isEqualTo(before.lines());
    assertThat(after.open(Source.OTLP)).isEqualTo(amount(35));
    after.delivered(Source.OTLP, amount(35));
    assertThat(after.open(Source.OTLP)).isEqualTo(Amount.NONE);
  }

  @Test
  void shouldGiveABookWhatItHadBefore() {
    before.accepted(Source.OTLP, amount(100));
    before.deadLettered(Source.OTLP, "invalid_argument", amount(40));
    before.deadLettersDropped(Source.OTLP, "invalid_argument", "dead_letters_full", amount(10));
    Ledger ledger = new Ledger(new SimpleMeterRegistry());

    ledger.book(DEMO).restore(before.lines());
    ledger.book(DEMO).queued(Source.OTLP, amount(60));

    assertThat(ledger.check()).isEmpty();
    assertThat(ledger.balance(DEMO).orElseThrow().deadLettered()).isEqualTo(amount(30));
    assertThat(ledger.book(DEMO).lines()).contains(before.lines());
  }

  @Test
  void shouldKeepTheFormatOfItsVersion() {
    before.accepted(Source.OTLP, new Amount(300, 127));
    before.dropped(new Source(Input.ISTIO, Origin.REPLAY), "filter", new Amount(1, 128));

    assertThat(HexFormat.of().formatHex(before.encode()))
        .isEqualTo("01" + "02" + "000000ac027f" + "0703" + "0666696c746572" + "018001");
  }

  @Test
  void shouldReadBackWhateverItWrites() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      Totals totals = random(random);

      assertThat(Totals.decode(totals.encode()).lines()).isEqualTo(totals.lines());
    }
  }

  @Test
  void shouldRefuseTotalsThatAreCutAnywhere() {
    byte[] bytes = random(new Random(4)).encode();

    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Totals.decode(cut))
          .withMessage("the totals end in the middle");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "02, totals of version 2: this program reads version 1",
    "01010800, source 8: there are 8",
    "0101000600, account 6: there are 6",
    "01ffffffffffffffffffff, a number of more than 63 bits",
    "01010000ffffffffffffff7f, the totals end in the middle"
  })
  void shouldSayWhatItCannotRead(String hex, String message) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Totals.decode(bytes))
        .withMessage(message);
  }

  @Test
  void shouldGiveEverySourceACodeOfItsOwn() {
    for (int code = 0; code < Source.COUNT; code++) {
      assertThat(Source.of(code).code()).isEqualTo(code);
    }
    assertThat(Source.OTLP.code()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> Source.of(Source.COUNT));
  }

  private static Totals random(Random random) {
    Totals totals = new Totals();
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      Source source = Source.of(random.nextInt(Source.COUNT));
      Amount amount = new Amount(random.nextLong() >>> 8, random.nextLong() >>> 8);
      switch (random.nextInt(4)) {
        case 0 -> totals.accepted(source, amount);
        case 1 -> totals.delivered(source, amount);
        case 2 -> totals.dropped(source, "reason_" + random.nextInt(100), amount);
        default -> totals.deadLettered(source, "reason_" + random.nextInt(100), amount);
      }
    }
    return totals;
  }

  private static Amount amount(long records) {
    return new Amount(records, records * 400);
  }
}
