/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Telemetry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every implementation of deflate that this machine has, against {@code java.util.zip}. */
@Tag("slow")
@ExtendWith(NoLeaks.class)
class RawDeflateTest {
  private static final byte[] REFUSED = "refused".getBytes(UTF_8);
  private static final Optional<IsalDeflate> ISAL = DeflateChoice.isal();

  static Stream<RawDeflate> implementations() {
    return Stream.concat(Stream.of(new JdkDeflate(), new JavaDeflate()), ISAL.stream());
  }

  static Stream<Arguments> implementationsAndContents() {
    return implementations()
        .flatMap(
            deflate -> Contents.all().keySet().stream().map(name -> Arguments.of(deflate, name)));
  }

  @Test
  void shouldTestTheNativeImplementationWhereNoTestMayBeSkipped() {
    if (Boolean.parseBoolean(System.getenv("CARAVAN_REQUIRE_SERVERS"))) {
      assertThat(ISAL).as("ISA-L: install libisal2").isPresent();
    }
  }

  private static byte[] deflate(RawDeflate implementation, byte[] content) {
    ByteBuf source = Unpooled.directBuffer(content.length + 1).writeBytes(content);
    ByteBuf out = Unpooled.directBuffer(16);
    try {
      implementation.deflate(source.nioBuffer(), out);
      return ByteBufUtil.getBytes(out);
    } finally {
      source.release();
      out.release();
    }
  }

  private static byte[] inflate(RawDeflate implementation, byte[] compressed, int limit)
      throws Exception {
    ByteBuf source = Unpooled.directBuffer(compressed.length + 1).writeBytes(compressed);
    try (BoundedOutput out = new BoundedOutput(UnpooledByteBufAllocator.DEFAULT, limit)) {
      var bytes = source.nioBuffer();
      implementation.inflate(bytes, out);
      assertThat(bytes.remaining()).as("bytes left unread").isZero();
      byte[] content = new byte[out.size()];
      out.since(0).get(content);
      return content;
    } finally {
      source.release();
    }
  }

  private static byte[] deflateByZlib(byte[] content, int level) {
    Deflater deflater = new Deflater(level, true);
    deflater.setInput(content);
    deflater.finish();
    byte[] out = new byte[content.length + content.length / 10 + 100];
    int length = deflater.deflate(out);
    assertThat(deflater.finished()).isTrue();
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private static byte[] inflateByZlib(byte[] compressed, int length) throws Exception {
    Inflater inflater = new Inflater(true);
    inflater.setInput(compressed);
    byte[] out = new byte[length + 1];
    int produced = inflater.inflate(out);
    assertThat(inflater.finished()).isTrue();
    assertThat(inflater.getRemaining()).isZero();
    inflater.end();
    return Arrays.copyOf(out, produced);
  }

  @ParameterizedTest
  @MethodSource("implementationsAndContents")
  void shouldWriteWhatZlibReads(RawDeflate implementation, String name) throws Exception {
    byte[] content = Contents.of(name);

    assertThat(inflateByZlib(deflate(implementation, content), content.length)).isEqualTo(content);
  }

  @ParameterizedTest
  @MethodSource("implementationsAndContents")
  void shouldReadEveryLevelOfZlib(RawDeflate implementation, String name) throws Exception {
    byte[] content = Contents.of(name);

    for (int level = 0; level <= 9; level++) {
      byte[] compressed = deflateByZlib(content, level);
      assertThat(inflate(implementation, compressed, content.length)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void shouldCarryALargeRequestBothWays(RawDeflate implementation) throws Exception {
    byte[] content = new byte[64 << 20];
    byte[] spans = Telemetry.spans(1000).toByteArray();
    Random random = new Random(3);
    for (int at = 0; at + spans.length < content.length; at += spans.length) {
      System.arraycopy(spans, 0, content, at, spans.length);
      content[at + random.nextInt(spans.length)]++;
    }

    byte[] compressed = deflate(implementation, content);

    assertThat(compressed).hasSizeLessThan(content.length / 2);
    assertThat(inflate(implementation, compressed, content.length)).isEqualTo(content);
  }

  /** Sizes at which codes, blocks and buffers begin and end. */
  @ParameterizedTest
  @MethodSource("implementations")
  void shouldCarryEverySmallSizeBothWays(RawDeflate implementation) throws Exception {
    byte[] text = Telemetry.spans(20).toByteArray();
    for (int size = 0; size < 1500; size++) {
      byte[] content = Arrays.copyOf(text, size);
      byte[] compressed = deflate(implementation, content);
      assertThat(inflateByZlib(compressed, size)).isEqualTo(content);
      assertThat(inflate(implementation, compressed, size)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void shouldStopAtTheLimit(RawDeflate implementation) {
    byte[] bomb = deflateByZlib(new byte[16 << 20], 9);

    assertThatThrownBy(() -> inflate(implementation, bomb, 1 << 20))
        .isInstanceOf(ContentTooLargeException.class);
  }

  /**
   * What zlib takes is taken, with the same content. ISA-L also takes a few codes that zlib
   * refuses; the checksum of the wrapper tells.
   */
  @ParameterizedTest
  @MethodSource("implementations")
  void shouldReadAllThatZlibReadsHoweverDamaged(RawDeflate implementation) throws Exception {
    Random random = new Random(11);
    byte[] content = Telemetry.spans(8).toByteArray();
    int taken = 0;
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = deflateByZlib(content, 1 + round % 9);
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      byte[] expected = verdict(new JdkDeflate(), damaged);

      if (!Arrays.equals(expected, REFUSED)) {
        assertThat(verdict(implementation, damaged)).isEqualTo(expected);
        taken++;
      } else if (Arrays.equals(verdict(implementation, damaged), REFUSED)) {
        refused++;
      }
    }

    assertThat(taken).isGreaterThan(100);
    assertThat(refused).isGreaterThan(100);
  }

  /** The content; where it is refused, a text that no content is. */
  private static byte[] verdict(RawDeflate implementation, byte[] compressed) {
    ByteBuf source = Unpooled.directBuffer(compressed.length).writeBytes(compressed);
    try (BoundedOutput out = new BoundedOutput(UnpooledByteBufAllocator.DEFAULT, 1 << 20)) {
      implementation.inflate(source.nioBuffer(), out);
      byte[] content = new byte[out.size()];
      out.since(0).get(content);
      return content;
    } catch (CorruptDataException | ContentTooLargeException e) {
      return REFUSED.clone();
    } finally {
      source.release();
    }
  }
}
