/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Message;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.Oracle;
import io.caravan.otlp.OtlpBatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.provider.MethodSource;

/** The index finds what protobuf finds, in any bytes. */
@Isolated("Jazzer is one for all")
class WireIndexFuzzTest {

  static Stream<byte[]> seeds() {
    return FuzzInput.requests();
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldFindWhatProtobufFindsOrRefuse(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    Optional<Message> expected = Oracle.parse(input.signal(), input.bytes());
    ByteBuf payload = input.buffer();
    try {
      OtlpBatch batch = OtlpBatch.of(input.signal(), payload);
      expected.ifPresent(message -> assertIndexIs(batch, message));
      batch.footprint();
      for (int i = 0; i < batch.resources(); i++) {
        batch.resourceAttribute(i, "k8s.namespace.name");
      }
      Claims.that(
          Arrays.equals(ByteBufUtil.getBytes(batch.payload()), input.bytes()), "bytes changed");
      batch.release();
    } catch (MalformedOtlpException e) {
      Claims.that(expected.isEmpty() || isJavasLenience(e), "refused what protobuf takes: " + e);
    }
    Claims.that(payload.refCnt() == 0, "not released");
    input.assertNothingIsLeft();
  }

  /**
   * What protobuf-java takes and others, and we, refuse: it cuts tags and lengths to 32 bits, and
   * ends a varint after ten bytes although the tenth says that it goes on.
   */
  static boolean isJavasLenience(MalformedOtlpException e) {
    String message = String.valueOf(e.getMessage());
    return Stream.of("a field number from", "a length of", "longer than 10 bytes")
        .anyMatch(message::contains);
  }

  static void assertIndexIs(OtlpBatch batch, Message expected) {
    List<Message> entries = Oracle.entries(expected);
    int[] records = Oracle.records(expected);
    Claims.equal(batch.resources(), entries.size(), "resources");
    Claims.equal(batch.records(), Arrays.stream(records).sum(), "records");
    for (int i = 0; i < records.length; i++) {
      Claims.equal(batch.records(i), records[i], "records of resource " + i);
      Map<String, Optional<String>> attributes = Oracle.attributes(entries.get(i));
      for (Map.Entry<String, Optional<String>> attribute : attributes.entrySet()) {
        Claims.equal(
            Optional.ofNullable(batch.resourceAttribute(i, attribute.getKey())),
            attribute.getValue(),
            attribute.getKey());
      }
      if (!attributes.containsKey("")) {
        Claims.that(batch.resourceAttribute(i, "") == null, "an attribute that is not there");
      }
    }
  }
}
