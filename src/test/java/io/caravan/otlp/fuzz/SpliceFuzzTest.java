/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Message;
import io.caravan.otlp.EncodedAttributes;
import io.caravan.otlp.Flattened;
import io.caravan.otlp.Lease;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.Oracle;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatusException;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.provider.MethodSource;

/** Selecting, enriching and dividing do on bytes what protobuf does on messages. */
@Isolated("Jazzer is one for all")
class SpliceFuzzTest {
  private static final Map<String, String> WANTED =
      new TreeMap<>(
          Map.of(
              "k8s.namespace.name", "ours", "service.name", "ours", "", "x", "n", "y".repeat(130)));

  private static final EncodedAttributes ENCODED = EncodedAttributes.ofStrings(WANTED);

  static Stream<byte[]> seeds() {
    return FuzzInput.requests();
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldSelectAndEnrichAsProtobufWould(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    Optional<Message> request = Oracle.parse(input.signal(), input.bytes());
    MemoryBudget budget = new MemoryBudget(1 << 20);
    Lease lease = new Lease(budget);
    Claims.that(lease.tryResize(input.bytes().length), "no budget");
    try {
      OtlpBatch batch = OtlpBatch.of(input.signal(), input.buffer(), lease);
      assertSelects(batch, request, input.choose(21));
      assertEnriches(batch, request, 1 << 20);
      assertEnriches(batch, request, batch.size() + 40 * input.choose(21));
      assertDivides(batch, request);
      batch.release();
    } catch (MalformedOtlpException e) {
      lease.release();
    }
    Claims.that(budget.used() == 0, "the budget was not given back");
    input.assertNothingIsLeft();
  }

  private static void assertSelects(OtlpBatch batch, Optional<Message> request, int mask)
      throws MalformedOtlpException {
    OtlpBatch selected = batch.select(i -> (mask >> i % 5 & 1) != 0);
    byte[] bytes = ByteBufUtil.getBytes(selected.payload());
    request.ifPresent(
        all -> {
          Message expected = Oracle.select(all, i -> (mask >> i % 5 & 1) != 0);
          Claims.equal(Oracle.parse(batch.signal(), bytes), Optional.of(expected), "selected");
          WireIndexFuzzTest.assertIndexIs(selected, expected);
        });
    assertIndexIsFresh(selected, bytes);
    selected.release();
  }

  private static void assertEnriches(OtlpBatch batch, Optional<Message> request, int maxSize)
      throws MalformedOtlpException {
    OtlpBatch enriched;
    try {
      enriched = batch.enrich((b, resource) -> ENCODED, maxSize);
    } catch (OtlpStatusException e) {
      return;
    }
    Claims.that(enriched.size() <= Math.max(maxSize, batch.size()), "larger than was allowed");
    byte[] bytes = ByteBufUtil.getBytes(enriched.payload());
    request.ifPresent(
        all -> {
          Message expected = Oracle.enrich(all, WANTED);
          Claims.equal(Oracle.parse(batch.signal(), bytes), Optional.of(expected), "enriched");
          WireIndexFuzzTest.assertIndexIs(enriched, expected);
        });
    assertIndexIsFresh(enriched, bytes);
    enriched.release();
  }

  /** The halves, and these joined again, hold the records of the whole. */
  private static void assertDivides(OtlpBatch batch, Optional<Message> request)
      throws MalformedOtlpException {
    List<OtlpBatch> halves = batch.halves();
    OtlpBatch joined = OtlpBatch.concat(halves);
    Claims.equal(joined.records(), batch.records(), "records");
    assertIndexIsFresh(joined, ByteBufUtil.getBytes(joined.payload()));
    List<List<Message>> together = new ArrayList<>();
    for (OtlpBatch half : halves) {
      byte[] bytes = ByteBufUtil.getBytes(half.payload());
      Optional<Message> message = Oracle.parse(batch.signal(), bytes);
      if (request.isPresent()) {
        Claims.that(message.isPresent(), "a half is not what protobuf reads");
      }
      message.ifPresent(part -> together.addAll(Flattened.of(part)));
      half.release();
    }
    joined.release();
    request.ifPresent(whole -> Claims.equal(together, Flattened.of(whole), "divided"));
  }

  /** The index that moved with the bytes is the one that these bytes have. */
  private static void assertIndexIsFresh(OtlpBatch batch, byte[] bytes)
      throws MalformedOtlpException {
    OtlpBatch fresh = OtlpBatch.onHeap(batch.signal(), bytes);
    Claims.equal(batch.resources(), fresh.resources(), "resources");
    Claims.equal(batch.records(), fresh.records(), "records");
    for (int i = 0; i < fresh.resources(); i++) {
      Claims.equal(batch.records(i), fresh.records(i), "records of a resource");
      for (String key : WANTED.keySet()) {
        Claims.equal(
            Optional.ofNullable(batch.resourceAttribute(i, key)),
            Optional.ofNullable(fresh.resourceAttribute(i, key)),
            key);
      }
    }
  }
}
