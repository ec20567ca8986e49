/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.zip.CRC32C;

/** Collects one compressed request, which is small, and looks up what it holds. */
final class CompressedCounter implements BodyCounter {

  private final CompressedBodies bodies;
  private final int prefix;
  private final ByteBuf collected;

  /**
   * @param prefix bytes before the compressed ones: 5 of a gRPC message, the first of which says
   *     that it is compressed
   */
  CompressedCounter(CompressedBodies bodies, int prefix, ByteBufAllocator allocator) {
    this.bodies = bodies;
    this.prefix = prefix;
    this.collected = allocator.directBuffer(64 << 10);
  }

  @Override
  public void read(ByteBuf bytes, int length) {
    collected.writeBytes(bytes, length);
  }

  @Override
  public Content end() {
    try {
      if (prefix > 0 && collected.getByte(0) != 1) {
        throw new IllegalStateException("the request is not compressed, and should be");
      }
      collected.skipBytes(prefix);
      CRC32C checksum = new CRC32C();
      checksum.update(collected.nioBuffer());
      return bodies.of(
          new CompressedBodies.Fingerprint(collected.readableBytes(), checksum.getValue()),
          () -> ByteBufUtil.getBytes(collected));
    } finally {
      collected.release();
    }
  }

  @Override
  public void discard() {
    if (collected.refCnt() > 0) {
      collected.release();
    }
  }
}
