/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.caravan.otlp.HostileBytes.Case;
import io.caravan.otlp.HostileBytes.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are joined and divided hold the same records in the same places. */
@ExtendWith(NoLeaks.class)
class DividedRequestsTest {
  private static final String NAMESPACE = "k8s.namespace.name";

  static List<Case> hostile() {
    return HostileBytes.which(v -> v == Verdict.SAME);
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldJoinRequestsAsProtobufMergesThem(Signal signal) throws Exception {
    RandomOtlp random = new RandomOtlp(6);
    for (int count : new int[] {2, 3, 7, 40, 100}) {
      // given
      List<OtlpBatch> batches = new ArrayList<>();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        byte[] request = random.next(signal).toByteArray();
        bytes.writeBytes(request);
        batches.add(
            OtlpBatch.of(signal, i % 2 == 0 ? Pieces.whole(request) : Pieces.of(request, 90, i)));
      }

      // when
      OtlpBatch joined = OtlpBatch.concat(batches);
      batches.forEach(OtlpBatch::release);

      // then
      assertThat(ByteBufUtil.getBytes(joined.payload())).isEqualTo(bytes.toByteArray());
      assertIndexIsThatOfItsBytes(joined);
      joined.release();
    }
  }

  @Test
  void shouldCopyManySmallRequestsAndShareLargeOnes() throws Exception {
    List<OtlpBatch> small = batches(100, 1);
    List<OtlpBatch> large = batches(100, 50);

    OtlpBatch ofSmall = OtlpBatch.concat(small);
    OtlpBatch ofLarge = OtlpBatch.concat(large);

    assertThat(ofSmall.payload().nioBufferCount()).isEqualTo(1);
    assertThat(ofLarge.payload().nioBufferCount()).isEqualTo(100);
    assertThat(ofLarge.records()).isEqualTo(5_000);
    small.forEach(OtlpBatch::release);
    large.forEach(OtlpBatch::release);
    ofSmall.release();
    ofLarge.release();
  }

  private static List<OtlpBatch> batches(int count, int spans) throws Exception {
    List<OtlpBatch> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batches.add(OtlpBatch.of(Signal.TRACES, Pieces.whole(Telemetry.spans(spans).toByteArray())));
    }
    return batches;
  }

  @Test
  void shouldReturnTheOnlyRequestRetained() throws Exception {
    List<OtlpBatch> one = batches(1, 1);

    OtlpBatch joined = OtlpBatch.concat(one);

    assertThat(joined).isSameAs(one.getFirst());
    joined.release(2);
  }

  @Test
  void shouldRefuseToJoinRequestsOfTwoSignals() throws Exception {
    OtlpBatch traces = batches(1, 1).getFirst();
    OtlpBatch logs = OtlpBatch.of(Signal.LOGS, Pieces.whole(Telemetry.records(1).toByteArray()));

    assertThatThrownBy(() -> OtlpBatch.concat(List.of(traces, logs)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("traces", "logs");
    traces.release();
    logs.release();
  }

  @Test
  void shouldHoldWhatTheRequestsHoldOfABudgetUntilTheLastIsReleased() throws Exception {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    List<OtlpBatch> batches = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Lease lease = new Lease(budget);
      assertThat(lease.tryResize(1_000)).isTrue();
      ByteBuf bytes = Pieces.whole(Telemetry.spans(20).toByteArray());
      batches.add(OtlpBatch.of(Signal.TRACES, bytes, lease));
    }

    OtlpBatch joined = OtlpBatch.concat(batches);
    List<OtlpBatch> halves = joined.halves();

    batches.forEach(OtlpBatch::release);
    joined.release();
    assertThat(budget.used()).isEqualTo(3_000);
    halves.forEach(OtlpBatch::release);
    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldKeepEveryRecordInItsPlaceWhenAnyRequestIsHalved(Signal signal) throws Exception {
    RandomOtlp random = new RandomOtlp(8);
    for (int i = 0; i < 60; i++) {
      Message request = random.next(signal);
      byte[] bytes = request.toByteArray();

      assertHalves(signal, bytes);
      assertSplits(signal, bytes, 1, Integer.MAX_VALUE);
      assertSplits(signal, bytes, Integer.MAX_VALUE, 1);
      assertSplits(signal, bytes, 3, 700);
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void shouldKeepEveryRecordInItsPlaceInEitherEncoding(Case c) throws Exception {
    assertHalves(c.signal(), c.bytes());
    assertSplits(c.signal(), c.bytes(), 1, 1);
  }

  private static void assertHalves(Signal signal, byte[] bytes) throws Exception {
    OtlpBatch batch = OtlpBatch.of(signal, Pieces.of(bytes, 60, bytes.length));
    List<OtlpBatch> halves = batch.halves();
    if (halves.size() == 1) {
      assertThat(halves.getFirst()).isSameAs(batch);
    }
    assertSameRecords(batch, bytes, halves);
  }

  private static void assertSplits(Signal signal, byte[] bytes, int maxRecords, int maxBytes)
      throws Exception {
    OtlpBatch batch = OtlpBatch.of(signal, Pieces.whole(bytes));
    List<OtlpBatch> parts = batch.split(maxRecords, maxBytes);
    for (OtlpBatch part : parts) {
      if (part.records() > maxRecords || part.size() > maxBytes) {
        assertThat(isIndivisible(part)).isTrue();
      }
    }
    assertSameRecords(batch, bytes, parts);
  }

  private static boolean isIndivisible(OtlpBatch batch) {
    List<OtlpBatch> halves = batch.halves();
    halves.forEach(OtlpBatch::release);
    return halves.size() == 1;
  }

  /** Releases them all. */
  private static void assertSameRecords(OtlpBatch whole, byte[] bytes, List<OtlpBatch> parts)
      throws Exception {
    int records = whole.records();
    whole.release();
    List<List<Message>> together = new ArrayList<>();
    for (OtlpBatch part : parts) {
      assertIndexIsThatOfItsBytes(part);
      together.addAll(flattened(part.signal(), ByteBufUtil.getBytes(part.payload())));
    }
    assertThat(parts.stream().mapToInt(OtlpBatch::records).sum()).isEqualTo(records);
    assertThat(together).isEqualTo(flattened(whole.signal(), bytes));
    parts.forEach(OtlpBatch::release);
  }

  private static List<List<Message>> flattened(Signal signal, byte[] request) {
    return Flattened.of(Oracle.parse(signal, request).orElseThrow());
  }

  private static void assertIndexIsThatOfItsBytes(OtlpBatch batch) throws Exception {
    byte[] bytes = ByteBufUtil.getBytes(batch.payload());
    OtlpBatch fresh = OtlpBatch.of(batch.signal(), Pieces.whole(bytes));
    assertThat(batch.resources()).isEqualTo(fresh.resources());
    assertThat(batch.records()).isEqualTo(fresh.records());
    for (int i = 0; i < fresh.resources(); i++) {
      assertThat(batch.records(i)).isEqualTo(fresh.records(i));
      assertThat(batch.resourceAttribute(i, NAMESPACE))
          .isEqualTo(fresh.resourceAttribute(i, NAMESPACE));
    }
    fresh.release();
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldDivideDownToSingleRecords(Signal signal) throws Exception {
    byte[] bytes =
        switch (signal) {
          case TRACES -> Telemetry.spans(100).toByteArray();
          case METRICS -> Telemetry.points(100).toByteArray();
          case LOGS -> Telemetry.records(100).toByteArray();
        };
    OtlpBatch batch = OtlpBatch.of(signal, Pieces.whole(bytes));

    List<OtlpBatch> parts = batch.split(1, Integer.MAX_VALUE);

    assertThat(parts).hasSize(100).allMatch(part -> part.records() == 1);
    assertSameRecords(batch, bytes, parts);
  }

  @Test
  void shouldCutIntoHalvesOfAboutTheSameSize() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      OtlpBatch batch =
          OtlpBatch.of(
              Signal.TRACES, Pieces.whole(Telemetry.spans(50 + random.nextInt(500)).toByteArray()));

      List<OtlpBatch> halves = batch.halves();

      assertThat(halves).hasSize(2);
      assertThat(halves.getFirst().size()).isBetween(batch.size() / 4, batch.size() * 3 / 4);
      assertThat(halves.getLast().size()).isBetween(batch.size() / 4, batch.size() * 3 / 4);
      halves.forEach(OtlpBatch::release);
      batch.release();
    }
  }
}
