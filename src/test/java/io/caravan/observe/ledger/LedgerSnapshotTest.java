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
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ledger across restarts. */
final class LedgerSnapshotTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");

  private final Ledger before = new Ledger(new SimpleMeterRegistry());
  private final Ledger after = new Ledger(new SimpleMeterRegistry());

  @Test
  void shouldGoOnWhereTheProcessBeforeHasEnded() {
    PipelineBook book = before.book(DEMO);
    book.accepted(Source.OTLP, amount(100));
    book.queued(Source.OTLP, amount(100));
    book.delivered(Source.OTLP, amount(60));
    book.unqueued(Source.OTLP, amount(60));

    restart();
    after.book(DEMO).queued(Source.OTLP, amount(40));
    assertThat(after.check()).isEmpty();

    after.book(DEMO).delivered(Source.OTLP, amount(40));
    after.book(DEMO).unqueued(Source.OTLP, amount(40));
    assertThat(after.balance(DEMO).orElseThrow().delivered()).isEqualTo(amount(100));
    assertThat(after.check()).isEmpty();
  }

  @Test
  void shouldTellWhatACrashHasTaken() {
    before.book(DEMO).accepted(Source.OTLP, amount(100));
    before.book(DEMO).queued(Source.OTLP, amount(100));

    restart();
    after.book(DEMO).queued(Source.OTLP, amount(97));

    assertThat(after.check()).containsExactly(new Difference(DEMO, Source.OTLP, amount(3)));
  }

  @Test
  void shouldReadABookAndItsSurroundingsAtOneMoment() {
    long[] position = {0};
    PipelineBook book = before.book(DEMO);
    book.together(
        () -> {
          book.accepted(Source.OTLP, amount(5));
          position[0] = 4711;
        });

    assertThat(book.read(lines -> lines.getFirst().amount().records() + "@" + position[0]))
        .contains("5@4711");
  }

  @Test
  void shouldKeepTheFormatOfItsVersion() {
    PipelineBook book = before.book(DEMO);
    book.accepted(Source.OTLP, new Amount(300, 127));
    book.dropped(new Source(Input.ISTIO, Origin.REPLAY), "filter", new Amount(1, 128));
    before.book(new PipelineId(PipelineKind.LOG, "é")).delivered(Source.OTLP, new Amount(0, 1));

    assertThat(HexFormat.of().formatHex(before.snapshot().orElseThrow().encode()))
        .isEqualTo(
            "0102"
                + "00"
                + "02c3a9"
                + "01"
                + "0002000001"
                + "02"
                + "0464656d6f"
                + "02"
                + "000000ac027f"
                + "0703"
                + "0666696c746572"
                + "018001");
  }

  @Test
  void shouldReadBackWhateverItWrites() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      LedgerSnapshot snapshot = random(random);
      byte[] bytes = snapshot.encode();
      ByteBuffer followed = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 3));

      assertThat(LedgerSnapshot.decode(followed)).isEqualTo(snapshot);
      assertThat(followed.remaining()).as("what follows is left to others").isEqualTo(3);
    }
  }

  @Test
  void shouldRefuseASnapshotThatIsCutAnywhere() {
    byte[] bytes = random(new Random(4)).encode();

    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LedgerSnapshot.decode(cut))
          .withMessage("the ledger's snapshot ends in the middle");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "02, a ledger of version 2: this program reads version 1",
    "01010300, kind 3: there are 3",
    "0101020161010800, source 8: there are 8",
    "010102016101000600, account 6: there are 6",
    "010202016100020161 00, two books of tracepipeline/a",
    "01ffffffffffffffffffff, a number of more than 63 bits",
    "010102ffffffffffffff7f, the ledger's snapshot ends in the middle"
  })
  void shouldSayWhatItCannotRead(String hex, String message) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LedgerSnapshot.decode(bytes))
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

  private void restart() {
    byte[] bytes = before.snapshot().orElseThrow().encode();
    after.restore(LedgerSnapshot.decode(ByteBuffer.wrap(bytes)));
  }

  private static LedgerSnapshot random(Random random) {
    TreeMap<PipelineId, List<Line>> books = new TreeMap<>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      PipelineKind kind = PipelineKind.values()[random.nextInt(3)];
      books.put(
          new PipelineId(kind, "p" + random.nextInt(1000)),
          random
              .ints(random.nextInt(6), 0, Source.COUNT)
              .mapToObj(code -> line(random, code))
              .toList());
    }
    return new LedgerSnapshot(books);
  }

  private static Line line(Random random, int code) {
    return new Line(
        Source.of(code),
        Account.values()[random.nextInt(Account.values().length)],
        random.nextBoolean() ? "" : "reason_" + random.nextInt(100),
        new Amount(random.nextLong() >>> random.nextInt(1, 64), random.nextLong() >>> 1));
  }

  private static Amount amount(long records) {
    return new Amount(records, records * 400);
  }
}
