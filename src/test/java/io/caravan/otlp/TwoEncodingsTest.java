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
import io.caravan.otlp.json.OtlpJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What protobuf allows in two encodings means the same in both, wherever Caravan reads it. */
@ExtendWith(NoLeaks.class)
class TwoEncodingsTest {
  private static final int LIMIT = 1 << 20;

  private static final Map<String, String> WANTED =
      new TreeMap<>(
          Map.of(
              "service.name",
              "ours",
              "k8s.pod.name",
              "ours",
              HostileBytes.NAMESPACE,
              "ours",
              "",
              "without a key"));

  static List<Case> same() {
    return HostileBytes.which(v -> v == Verdict.SAME);
  }

  static List<Case> passedOn() {
    return HostileBytes.which(v -> v == Verdict.PASSED_ON);
  }

  static List<Case> refused() {
    return HostileBytes.which(v -> v == Verdict.REFUSED || v == Verdict.REFUSED_BUT_BY_JAVA);
  }

  private static Message oracle(Case c) {
    return Oracle.parse(c.signal(), c.bytes()).orElseThrow();
  }

  private static OtlpBatch batch(Case c) throws MalformedOtlpException {
    return OtlpBatch.of(c.signal(), Pieces.of(c.bytes(), 7, c.bytes().length));
  }

  @ParameterizedTest
  @MethodSource("same")
  void shouldCountAndReadWhatProtobufCountsAndReads(Case c) throws Exception {
    Message expected = oracle(c);

    OtlpBatch batch = batch(c);

    assertIndexIs(batch, expected);
    batch.release();
  }

  private static void assertIndexIs(OtlpBatch batch, Message expected) {
    List<Message> entries = Oracle.entries(expected);
    int[] records = Oracle.records(expected);
    assertThat(batch.resources()).isEqualTo(entries.size());
    assertThat(batch.records()).isEqualTo(Arrays.stream(records).sum());
    for (int i = 0; i < records.length; i++) {
      assertThat(batch.records(i)).isEqualTo(records[i]);
      Map<String, Optional<String>> attributes = Oracle.attributes(entries.get(i));
      for (Map.Entry<String, Optional<String>> attribute : attributes.entrySet()) {
        assertThat(batch.resourceAttribute(i, attribute.getKey()))
            .isEqualTo(attribute.getValue().orElse(null));
      }
      for (String key : WANTED.keySet()) {
        assertThat(batch.resourceAttribute(i, key))
            .isEqualTo(attributes.getOrDefault(key, Optional.empty()).orElse(null));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("same")
  void shouldEnrichWhatProtobufWouldEnrichAndLoseNothing(Case c) throws Exception {
    Message expected = Oracle.enrich(oracle(c), WANTED);
    OtlpBatch batch = batch(c);

    OtlpBatch enriched = batch.enrich((b, resource) -> EncodedAttributes.ofStrings(WANTED), LIMIT);

    batch.release();
    assertThat(Oracle.parse(c.signal(), ByteBufUtil.getBytes(enriched.payload())))
        .contains(expected);
    assertIndexIs(enriched, expected);
    enriched.release();
  }

  @ParameterizedTest
  @MethodSource("same")
  void shouldSelectByNamespaceWhatProtobufWouldSelect(Case c) throws Exception {
    // given: the case between two other resources
    byte[] other = Telemetry.spans(1).toByteArray();
    byte[] bytes =
        new WireBytes()
            .raw(c.signal() == Signal.TRACES ? other : new byte[0])
            .raw(c.bytes())
            .raw(c.signal() == Signal.TRACES ? other : new byte[0])
            .bytes();
    Case between = new Case(c.name(), c.signal(), bytes, c.verdict());
    List<Message> entries = Oracle.entries(oracle(between));
    OtlpBatch batch = batch(between);

    // when: those of the namespace, and the others
    for (boolean wanted : new boolean[] {true, false}) {
      OtlpBatch selected =
          batch.select(
              i -> "shop".equals(batch.resourceAttribute(i, HostileBytes.NAMESPACE)) == wanted);

      // then
      Message expected =
          Oracle.select(
              oracle(between),
              i ->
                  Optional.of("shop")
                          .equals(
                              Oracle.attributes(entries.get(i))
                                  .getOrDefault(HostileBytes.NAMESPACE, Optional.empty()))
                      == wanted);
      assertThat(Oracle.parse(c.signal(), ByteBufUtil.getBytes(selected.payload())))
          .contains(expected);
      assertIndexIs(selected, expected);
      selected.release();
    }
    batch.release();
  }

  @ParameterizedTest
  @MethodSource("same")
  void j13ShouldWriteJsonOfWhatProtobufReadsAndReadItBack(Case c) throws Exception {
    String json = json(c);

    assertThat(Oracle.parse(c.signal(), protobuf(c.signal(), json)))
        .as(json)
        .isEqualTo(Oracle.parseKnown(c.signal(), c.bytes()));
  }

  @ParameterizedTest
  @MethodSource("same")
  void j13ShouldWriteALineOfJsonForEachRecord(Case c) throws Exception {
    OtlpBatch batch = batch(c);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();

    OtlpJson.writeLines(batch, lines);

    assertThat(lines.toString(StandardCharsets.UTF_8).lines()).hasSize(batch.records());
    batch.release();
  }

  private static String json(Case c) throws MalformedOtlpException {
    OtlpBatch batch = batch(c);
    try {
      return OtlpJson.toString(batch);
    } finally {
      batch.release();
    }
  }

  private static byte[] protobuf(Signal signal, String json) throws Exception {
    ByteBuf document = Pieces.whole(json.getBytes(StandardCharsets.UTF_8));
    ByteBuf protobuf = OtlpJson.toProtobuf(signal, document, ByteBufAllocator.DEFAULT);
    byte[] bytes = ByteBufUtil.getBytes(protobuf);
    document.release();
    protobuf.release();
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("passedOn")
  void shouldPassOnUntouchedWhatOnlyABackendWouldRefuse(Case c) throws Exception {
    assertThat(Oracle.parse(c.signal(), c.bytes())).isEmpty();

    OtlpBatch batch = batch(c);

    assertThat(ByteBufUtil.getBytes(batch.payload())).isEqualTo(c.bytes());
    assertThat(batch.records()).isEqualTo(1);
    batch.release();
  }

  @Test
  void j13ShouldWriteTheReplacementCharacterForWhatIsNotUtf8() throws Exception {
    for (Case c : passedOn()) {
      if (c.name().contains("UTF-8")) {
        assertThat(json(c)).contains("\"a\uFFFDb\uFFFD\"");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void h12ShouldRefuseWhatIsBroken(Case c) {
    assertThat(Oracle.parse(c.signal(), c.bytes()).isPresent())
        .isEqualTo(c.verdict() == Verdict.REFUSED_BUT_BY_JAVA);

    for (ByteBuf payload : List.of(Pieces.whole(c.bytes()), Pieces.of(c.bytes(), 3, 1))) {
      assertThatThrownBy(() -> OtlpBatch.of(c.signal(), payload))
          .isInstanceOf(MalformedOtlpException.class)
          .hasMessageStartingWith("malformed protobuf at offset ");
      assertThat(payload.refCnt()).isZero();
    }
  }

  @Test
  void h12ShouldRefuseARequestThatIsCutAtAnyByte() {
    byte[] whole = HostileBytes.small();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      ByteBuf payload = Pieces.of(cut, 5, length);
      assertThat(Oracle.parse(Signal.TRACES, cut)).isEmpty();
      assertThatThrownBy(() -> OtlpBatch.of(Signal.TRACES, payload))
          .isInstanceOf(MalformedOtlpException.class);
      assertThat(payload.refCnt()).isZero();
    }
  }
}
