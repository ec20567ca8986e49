/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Gathering the parts of a message")
class GatheringTest {
  private static final int READ = 256 << 10;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final Gathering gathering = new Gathering(allocator, -1);
  private final Random random = new Random(7);

  @Test
  void shouldKeepAPartThatFillsMostOfTheBufferInWhichItWasRead() {
    ByteBuf read = read(READ);

    append(read, 100, READ - 100);

    assertThat(gathering.capacity()).isEqualTo(READ);
    assertThat(read.refCnt()).isEqualTo(2);
    gathering.discard();
    assertThat(read.refCnt()).isEqualTo(1);
    read.release();
  }

  @Test
  void shouldCopyAPartThatWouldHoldABufferOfWhichMuchIsOthers() {
    ByteBuf read = read(READ);

    append(read, 0, READ / 4 * 3 - 1);

    assertThat(read.refCnt()).isEqualTo(1);
    gathering.discard();
    read.release();
  }

  @Test
  void shouldCopySmallPartsEvenWhereTheyFillTheirBuffer() {
    ByteBuf read = read(16 << 10);

    append(read, 0, 16 << 10);

    assertThat(read.refCnt()).isEqualTo(1);
    gathering.discard();
    read.release();
  }

  @Test
  void shouldGiveTheBytesInTheirOrderHoweverTheyCameAndWhateverBecomesOfTheReads() {
    ByteBuf expected = allocator.buffer();
    for (int length : new int[] {10, 200_000, 5_000, 262_144, 131_072, 1, 40_000, 70_000}) {
      ByteBuf read = read(READ);
      ByteBuf part = read.slice(0, length);
      expected.writeBytes(part.duplicate());
      long announced = gathering.capacityWith(part);
      gathering.append(part);
      assertThat(gathering.capacity()).isEqualTo(announced);
      read.release();
    }

    assertThat(gathering.size()).isEqualTo(expected.readableBytes());
    ByteBuf message = gathering.take();
    assertThat(message).isEqualTo(expected);
    assertThat(gathering.capacity()).isZero();
    message.release();
    expected.release();
  }

  private void append(ByteBuf read, int from, int length) {
    gathering.append(read.slice(from, length));
  }

  private ByteBuf read(int capacity) {
    byte[] bytes = new byte[capacity];
    random.nextBytes(bytes);
    return allocator.directBuffer(capacity, capacity).writeBytes(bytes);
  }
}
