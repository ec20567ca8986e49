/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.caravan.otlp.HostileBytes;
import io.caravan.otlp.HostileBytes.Verdict;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.Oracle;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.caravan.otlp.json.OtlpJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is refused, or becomes a request that means the same in JSON again. */
@Isolated("Jazzer is one for all")
class JsonToProtobufFuzzTest {

  static Stream<byte[]> seeds() throws MalformedOtlpException {
    List<byte[]> seeds = new ArrayList<>();
    for (HostileBytes.Case c : HostileBytes.which(v -> v == Verdict.SAME)) {
      OtlpBatch batch = OtlpBatch.onHeap(c.signal(), c.bytes());
      byte[] json = OtlpJson.toString(batch).getBytes(StandardCharsets.UTF_8);
      seeds.add(FuzzInput.input(c.signal(), c.name().hashCode(), json));
    }
    return seeds.stream();
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldMakeOfAnyTextARequestOrRefuseIt(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    ByteBuf document = input.buffer();
    try {
      byte[] request = protobuf(input, input.signal(), document);
      OtlpBatch batch = OtlpBatch.onHeap(input.signal(), request);
      String json = OtlpJson.toString(batch);
      ByteBuf again = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
      byte[] back = protobuf(input, input.signal(), again);
      Claims.equal(Oracle.parse(input.signal(), back), Oracle.parse(input.signal(), request), json);
    } catch (MalformedOtlpException e) {
      Claims.that(
          String.valueOf(e.getMessage()).startsWith("malformed OTLP/JSON"),
          "wrote what we do not read ourselves: " + e);
    } finally {
      document.release();
    }
    input.assertNothingIsLeft();
  }

  private static byte[] protobuf(FuzzInput input, Signal signal, ByteBuf json)
      throws MalformedOtlpException {
    ByteBuf protobuf = OtlpJson.toProtobuf(signal, json, input.allocator());
    byte[] bytes = ByteBufUtil.getBytes(protobuf);
    protobuf.release();
    return bytes;
  }
}
