/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Pieces;
import io.caravan.otlp.Telemetry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
@ExtendWith(NoLeaks.class)
class CompressionTest {
  private static final int LIMIT = 1 << 20;
  private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

  static Stream<Arguments> everyContentOfEveryCompression() {
    return Stream.of(Compression.values())
        .flatMap(c -> Contents.all().keySet().stream().map(name -> Arguments.of(c, name)));
  }

  private static byte[] decompress(Compression compression, byte[] compressed, int limit)
      throws CorruptDataException, ContentTooLargeException {
    ByteBuf in = Pieces.whole(compressed);
    try {
      return bytes(compression.decompress(in, limit, ALLOCATOR));
    } finally {
      in.release();
    }
  }

  private static byte[] bytes(ByteBuf buffer) {
    try {
      return ByteBufUtil.getBytes(buffer);
    } finally {
      buffer.release();
    }
  }

  private static byte[] compress(Compression compression, ByteBuf content) {
    try {
      return bytes(compression.compress(content, ALLOCATOR));
    } finally {
      content.release();
    }
  }

  @ParameterizedTest
  @MethodSource("everyContentOfEveryCompression")
  void shouldReadWhatOthersWrite(Compression compression, String name) throws Exception {
    byte[] content = Contents.of(name);

    byte[] read = decompress(compression, Reference.compress(compression, content), LIMIT);

    assertThat(read).isEqualTo(content);
  }

  @ParameterizedTest
  @MethodSource("everyContentOfEveryCompression")
  void shouldReadWhatArrivesInPieces(Compression compression, String name) throws Exception {
    byte[] content = Contents.of(name);
    ByteBuf in = Pieces.of(Reference.compress(compression, content), 5000, 1);
    try {
      assertThat(bytes(compression.decompress(in, LIMIT, ALLOCATOR))).isEqualTo(content);
    } finally {
      in.release();
    }
  }

  @ParameterizedTest
  @MethodSource("everyContentOfEveryCompression")
  void shouldWriteWhatOthersRead(Compression compression, String name) throws Exception {
    byte[] content = Contents.of(name);
    if (!compression.canCompress()) {
      ByteBuf buffer = Pieces.whole(content);
      assertThatThrownBy(() -> compression.compress(buffer, ALLOCATOR))
          .isInstanceOf(IllegalStateException.class);
      buffer.release();
      return;
    }

    byte[] whole = compress(compression, Pieces.whole(content));
    byte[] pieces = compress(compression, Pieces.of(content, 7000, 2));

    assertThat(Reference.decompress(compression, whole)).isEqualTo(content);
    assertThat(pieces).isEqualTo(whole);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldTakeContentOfExactlyTheLimit(Compression compression) throws Exception {
    byte[] content = Telemetry.spans(100).toByteArray();
    byte[] compressed = Reference.compress(compression, content);

    assertThat(decompress(compression, compressed, content.length)).isEqualTo(content);
    assertThatThrownBy(() -> decompress(compression, compressed, content.length - 1))
        .isInstanceOf(ContentTooLargeException.class);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldKeepToTheSmallestLimits(Compression compression) throws Exception {
    for (int limit = 0; limit < 600; limit++) {
      byte[] fits = Contents.random(limit);
      byte[] larger = Reference.compress(compression, Contents.random(limit + 1));
      int most = limit;

      assertThat(decompress(compression, Reference.compress(compression, fits), most))
          .isEqualTo(fits);
      assertThatThrownBy(() -> decompress(compression, larger, most))
          .isInstanceOf(ContentTooLargeException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldStopABombAtTheLimit(Compression compression) throws Exception {
    ByteBuf bomb = Unpooled.directBuffer();
    bomb.writeBytes(Reference.compress(compression, new byte[64 << 20]));
    MeasuredAllocator measured = new MeasuredAllocator();
    try {
      assertThatThrownBy(() -> compression.decompress(bomb, LIMIT, measured))
          .isInstanceOf(ContentTooLargeException.class);
    } finally {
      bomb.release();
    }

    assertThat(measured.used()).isZero();
    assertThat(measured.largest()).isLessThanOrEqualTo(LIMIT + 1);
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
  void shouldRefuseWhatEndsTooEarly(Compression compression) throws Exception {
    byte[] compressed = Reference.compress(compression, Telemetry.spans(3).toByteArray());

    for (int length = 1; length < compressed.length; length++) {
      byte[] part = Arrays.copyOf(compressed, length);
      // What ends between two chunks of framed snappy is a whole stream, of less content.
      if (compression == Compression.SNAPPY_FRAMED && length == 10) {
        continue;
      }
      assertThatExceptionOfType(CorruptDataException.class)
          .as("the first %d bytes", length)
          .isThrownBy(() -> decompress(compression, part, LIMIT));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
  void shouldRefuseWhatFollowsTheEnd(Compression compression) throws Exception {
    byte[] compressed = Reference.compress(compression, Telemetry.spans(3).toByteArray());
    byte[] longer = Arrays.copyOf(compressed, compressed.length + 3);

    assertThatThrownBy(() -> decompress(compression, longer, LIMIT))
        .isInstanceOf(CorruptDataException.class);
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
  void shouldRefuseWhatIsSomethingElse(Compression compression) {
    assertThatThrownBy(() -> decompress(compression, Contents.random(1000), LIMIT))
        .isInstanceOfAny(CorruptDataException.class, ContentTooLargeException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD", "SNAPPY_FRAMED", "LZ4"})
  void shouldReadSeveralInARow(Compression compression) throws Exception {
    byte[] one = Telemetry.spans(10).toByteArray();
    byte[] two = Contents.random(5000);
    ByteArrayOutputStream row = new ByteArrayOutputStream();
    row.writeBytes(Reference.compress(compression, one));
    row.writeBytes(Reference.compress(compression, two));
    row.writeBytes(Reference.compress(compression, new byte[0]));

    byte[] content = decompress(compression, row.toByteArray(), LIMIT);

    assertThat(content).startsWith(one).endsWith(two).hasSize(one.length + two.length);
  }

  /** Whatever the damage: the content, or one of the two exceptions, and no memory is kept. */
  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldSurviveDamage(Compression compression) throws Exception {
    Random random = new Random(5);
    MeasuredAllocator measured = new MeasuredAllocator();
    int refused = 0;
    for (String name : Contents.all().keySet()) {
      byte[] compressed = Reference.compress(compression, Contents.of(name));
      for (int round = 0; round < 300 && compressed.length > 0; round++) {
        byte[] damaged = compressed.clone();
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          int near = random.nextBoolean() ? Math.min(64, damaged.length) : damaged.length;
          damaged[random.nextInt(near)] ^= (byte) (1 << random.nextInt(8));
        }
        ByteBuf in = Unpooled.directBuffer(damaged.length).writeBytes(damaged);
        try {
          compression.decompress(in, LIMIT, measured).release();
        } catch (CorruptDataException | ContentTooLargeException e) {
          refused++;
        } finally {
          in.release();
        }
      }
    }

    assertThat(measured.used()).isZero();
    assertThat(measured.largest()).isLessThanOrEqualTo(LIMIT + 1);
    assertThat(refused).isGreaterThan(compression == Compression.NONE ? -1 : 100);
  }

  @Test
  void shouldReadDeflateWithoutAWrapper() throws Exception {
    byte[] content = Telemetry.spans(100).toByteArray();
    Deflater deflater = new Deflater(6, true);
    deflater.setInput(content);
    deflater.finish();
    byte[] raw = new byte[content.length];
    int length = deflater.deflate(raw);
    deflater.end();

    assertThat(decompress(Compression.DEFLATE, Arrays.copyOf(raw, length), LIMIT))
        .isEqualTo(content);
  }

  @Test
  void shouldReadFramedSnappyUnderTheNameOfTheBlock() throws Exception {
    byte[] content = Telemetry.spans(512).toByteArray();
    byte[] framed = Reference.compress(Compression.SNAPPY_FRAMED, content);

    assertThat(decompress(Compression.SNAPPY, framed, LIMIT)).isEqualTo(content);
  }

  /** Written by {@code lz4 -9 -BD -B4 --content-size}: blocks refer to those before them. */
  @Test
  void shouldReadLinkedBlocksOfLz4() throws Exception {
    byte[] linked;
    try (var in = CompressionTest.class.getResourceAsStream("squares-linked-blocks.lz4")) {
      linked = in.readAllBytes();
    }

    assertThat(decompress(Compression.LZ4, linked, LIMIT)).isEqualTo(Contents.squares());
  }

  @Test
  void shouldNotHoldMoreThanTheContentForLong() throws Exception {
    byte[] content = Telemetry.spans(1).toByteArray();
    ByteBuf in = Pieces.whole(Reference.compress(Compression.ZSTD, content));
    ByteBuf out = Compression.ZSTD.decompress(in, 64 << 20, ALLOCATOR);

    assertThat(out.capacity()).isLessThan(2048);

    out.release();
    in.release();
  }
}
