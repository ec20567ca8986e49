/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.Oracle;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.json.OtlpJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON says what protobuf says, of any bytes, and comes back as the same. */
@Isolated("Jazzer is one for all")
class ProtobufToJsonFuzzTest {

  static Stream<byte[]> seeds() {
    return FuzzInput.requests();
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldWriteWhatProtobufReadsAndReadItBack(byte[] data) throws IOException {
    FuzzInput input = new FuzzInput(data);
    try {
      OtlpBatch batch = OtlpBatch.of(input.signal(), input.buffer());
      try {
        String json = OtlpJson.toString(batch);
        assertSame(input, json);
        assertLines(batch);
      } finally {
        batch.release();
      }
    } catch (MalformedOtlpException e) {
      Claims.that(
          Oracle.parse(input.signal(), input.bytes()).isEmpty()
              || WireIndexFuzzTest.isJavasLenience(e)
              || String.valueOf(e.getMessage()).contains("come in parts"),
          "refused what protobuf takes: " + e);
    }
    input.assertNothingIsLeft();
  }

  private static void assertSame(FuzzInput input, String json) {
    ByteBuf document = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    try {
      ByteBuf protobuf = OtlpJson.toProtobuf(input.signal(), document, input.allocator());
      byte[] back = ByteBufUtil.getBytes(protobuf);
      protobuf.release();
      Oracle.parseKnown(input.signal(), input.bytes())
          .ifPresent(
              request ->
                  Claims.equal(
                      Oracle.parse(input.signal(), back), Optional.of(request), "JSON " + json));
    } catch (MalformedOtlpException e) {
      // An id of another length than ids have is written as it is, and refused as it must be.
      Claims.that(String.valueOf(e.getMessage()).contains("hexadecimal"), "own JSON refused: " + e);
    }
  }

  private static void assertLines(OtlpBatch batch) throws MalformedOtlpException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OtlpJson.writeLines(batch, out);
    long lines = out.toString(StandardCharsets.UTF_8).lines().count();
    Claims.equal(lines, (long) batch.records(), "lines of JSON");
  }
}
