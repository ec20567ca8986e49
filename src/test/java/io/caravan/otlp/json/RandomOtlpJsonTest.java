/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Pieces;
import io.caravan.otlp.RandomOtlp;
import io.caravan.otlp.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class RandomOtlpJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @EnumSource(Signal.class)
  void j13ShouldComeBackByteForByteFromProtobufToJsonToProtobuf(Signal signal) throws Exception {
    RandomOtlp random = new RandomOtlp(31);
    for (int i = 0; i < 150; i++) {
      byte[] bytes = random.next(signal).toByteArray();

      String json = toJson(signal, bytes, i);

      assertThat(toProtobuf(signal, json)).as(json).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void j13ShouldWriteWhatProtobufsOwnJsonSaysButForIdsAndEnums(Signal signal) throws Exception {
    RandomOtlp random = new RandomOtlp(32);
    JsonFormat.Printer printer =
        JsonFormat.printer().printingEnumsAsInts().omittingInsignificantWhitespace();
    for (int i = 0; i < 80; i++) {
      Message message = random.next(signal);

      JsonNode ours = MAPPER.readTree(toJson(signal, message.toByteArray(), i));

      JsonNode theirs = MAPPER.readTree(printer.print(message));
      hexIds(theirs);
      assertThat(ours).isEqualTo(theirs);
    }
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldReadWhatProtobufReadsOfBytesThatWereTamperedWithOrRefuseThem(Signal signal)
      throws Exception {
    RandomOtlp requests = new RandomOtlp(33);
    Random random = new Random(33);
    int agreed = 0;
    int mended = 0;
    for (int i = 0; i < 400; i++) {
      // given
      byte[] bytes = requests.next(signal).toByteArray();
      if (bytes.length == 0) {
        continue;
      }
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      // when
      String json;
      try {
        json = toJson(signal, bytes, i);
      } catch (MalformedOtlpException e) {
        continue;
      }
      // then: it is JSON that we take ourselves, unless an id lost its length
      try {
        byte[] back = toProtobuf(signal, json);
        assertThat(parsed(signal, back)).isEqualTo(parsed(signal, bytes));
        agreed++;
      } catch (MalformedOtlpException e) {
        assertThat(e).hasMessageContaining("hexadecimal");
      } catch (InvalidProtocolBufferException e) {
        // The generated classes refuse text that is not UTF-8, which we mend.
        mended++;
      }
    }
    assertThat(agreed).as("read as protobuf reads it, beside " + mended).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldThrowNothingButMalformedOtlpExceptionOnJsonThatWasTamperedWith(Signal signal)
      throws Exception {
    RandomOtlp requests = new RandomOtlp(34);
    Random random = new Random(34);
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      byte[] json =
          toJson(signal, requests.next(signal).toByteArray(), i).getBytes(StandardCharsets.UTF_8);
      for (int j = 0; j < 10; j++) {
        byte[] tampered = json.clone();
        tampered[random.nextInt(json.length)] = (byte) random.nextInt(256);
        ByteBuf document = Pieces.whole(tampered);
        try {
          OtlpJson.toProtobuf(signal, document, ByteBufAllocator.DEFAULT).release();
        } catch (MalformedOtlpException e) {
          refused++;
        } finally {
          document.release();
        }
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  /** What the generated classes see but for fields that they do not know. */
  private static Message parsed(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
    return DiscardUnknownFieldsParser.wrap(RandomOtlp.request(signal).build().getParserForType())
        .parseFrom(bytes);
  }

  private static String toJson(Signal signal, byte[] bytes, long seed)
      throws MalformedOtlpException {
    OtlpBatch batch =
        OtlpBatch.of(signal, seed % 2 == 0 ? Pieces.whole(bytes) : Pieces.of(bytes, 30, seed));
    try {
      return OtlpJson.toString(batch);
    } finally {
      batch.release();
    }
  }

  private static byte[] toProtobuf(Signal signal, String json) throws MalformedOtlpException {
    ByteBuf document = Pieces.whole(json.getBytes(StandardCharsets.UTF_8));
    try {
      ByteBuf protobuf = OtlpJson.toProtobuf(signal, document, ByteBufAllocator.DEFAULT);
      byte[] bytes = ByteBufUtil.getBytes(protobuf);
      protobuf.release();
      return bytes;
    } finally {
      document.release();
    }
  }

  /** Protobuf's own JSON has every byte string as base64; OTLP has the ids as hex. */
  private static void hexIds(JsonNode node) {
    if (node instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        if (member.getKey().endsWith("Id") && member.getValue().isTextual()) {
          byte[] id = Base64.getDecoder().decode(member.getValue().textValue());
          member.setValue(
              com.fasterxml.jackson.databind.node.TextNode.valueOf(HexFormat.of().formatHex(id)));
        }
      }
    }
    node.forEach(RandomOtlpJsonTest::hexIds);
  }
}
