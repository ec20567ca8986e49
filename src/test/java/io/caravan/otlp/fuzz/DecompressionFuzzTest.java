/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.ContentTooLargeException;
import io.caravan.otlp.compress.CorruptDataException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes decompress within the limit, or are refused; what comes out goes in again. The first
 * byte chooses the compression and the limit.
 */
@Isolated("Jazzer is one for all")
class DecompressionFuzzTest {
  private static final List<Compression> ALL = List.of(Compression.values());
  private static final int[] LIMITS = {1 << 20, 1 << 16, 1000, 1, 0};

  static Stream<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] content :
        List.of(new byte[0], Telemetry.spans(2).toByteArray(), new byte[70_000])) {
      for (Compression compression : ALL) {
        if (compression.canCompress()) {
          byte[] compressed = compressed(compression, content, UnpooledByteBufAllocator.DEFAULT);
          byte[] seed = new byte[compressed.length + 1];
          seed[0] = (byte) ALL.indexOf(compression);
          System.arraycopy(compressed, 0, seed, 1, compressed.length);
          seeds.add(seed);
        }
      }
    }
    return seeds.stream();
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldStayWithinTheLimitAndRefuseWhatIsBroken(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    int choice = data.length == 0 ? 0 : data[0] & 0xff;
    Compression compression = ALL.get(choice % ALL.size());
    int limit = LIMITS[choice / ALL.size() % LIMITS.length];
    ByteBuf compressed = input.buffer();
    try {
      ByteBuf content = compression.decompress(compressed, limit, input.allocator());
      byte[] bytes = ByteBufUtil.getBytes(content);
      content.release();
      Claims.that(bytes.length <= limit, bytes.length + " bytes, more than " + limit);
      if (compression.canCompress()) {
        assertComesBack(compression, bytes, input.allocator());
      }
    } catch (ContentTooLargeException e) {
      Claims.that(limit < 1 << 20 || compression != Compression.NONE, "small content refused");
    } catch (CorruptDataException e) {
      Claims.that(compression != Compression.NONE, "nothing to be broken");
    } finally {
      compressed.release();
    }
    input.assertNothingIsLeft();
  }

  private static void assertComesBack(
      Compression compression, byte[] content, UnpooledByteBufAllocator allocator)
      throws CorruptDataException, ContentTooLargeException {
    ByteBuf again =
        allocator
            .directBuffer(Math.max(1, content.length))
            .writeBytes(compressed(compression, content, allocator));
    ByteBuf back = compression.decompress(again, content.length, allocator);
    again.release();
    Claims.that(Arrays.equals(ByteBufUtil.getBytes(back), content), "another content came back");
    back.release();
  }

  private static byte[] compressed(
      Compression compression, byte[] content, UnpooledByteBufAllocator allocator) {
    ByteBuf buffer = allocator.directBuffer(Math.max(1, content.length)).writeBytes(content);
    ByteBuf compressed = compression.compress(buffer, allocator);
    buffer.release();
    byte[] bytes = ByteBufUtil.getBytes(compressed);
    compressed.release();
    return bytes;
  }
}
