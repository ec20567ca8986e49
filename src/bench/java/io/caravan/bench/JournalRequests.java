/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The requests of the producers: a real body, whose first bytes say who sent it and as which one,
 * and the numbers up to which each producer was told that its requests are durable. The numbers are
 * in a mapped file, so that they outlive a killed process.
 */
final class JournalRequests implements AutoCloseable {

  /** Stands at the beginning of each request, so that a tool can find them in any format. */
  static final long MAGIC = 0x4361_7261_7661_6e21L;

  static final int PRODUCERS = 16;

  private static final int PREFIX_BYTES = 3 * Long.BYTES;

  private final byte[] body;
  private final int expected;
  private final RandomAccessFile file;
  private final MappedByteBuffer durable;

  JournalRequests(byte[] body, Path acknowledged) throws IOException {
    this.body = body;
    CRC32C checksum = new CRC32C();
    checksum.update(body, PREFIX_BYTES, body.length - PREFIX_BYTES);
    expected = (int) checksum.getValue();
    file = new RandomAccessFile(acknowledged.toFile(), "rw");
    durable =
        file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, (long) PRODUCERS * Long.BYTES);
  }

  int bytes() {
    return body.length;
  }

  /** A copy in a buffer of its own, as if it came from a socket. */
  ByteBuf request(int producer, long number) {
    return PooledByteBufAllocator.DEFAULT
        .directBuffer(body.length)
        .writeBytes(body)
        .setLong(0, MAGIC)
        .setLong(Long.BYTES, producer)
        .setLong(2 * Long.BYTES, number);
  }

  /** A producer, which alone calls this for itself, was told. */
  void durable(int producer, long number) {
    durable.putLong(producer * Long.BYTES, number);
  }

  /** The last request that a producer, of whatever process, was told is durable; 0 is none. */
  long durable(int producer) {
    return durable.getLong(producer * Long.BYTES);
  }

  /** Checks that a pipeline gets every producer's requests whole and in order. Not thread-safe. */
  final class Check {
    private final long[] last = new long[PRODUCERS];
    private final CRC32C checksum = new CRC32C();
    private final boolean content;
    private final boolean fromFirst;

    private Check(boolean content, boolean fromFirst) {
      this.content = content;
      this.fromFirst = fromFirst;
    }

    void accept(ByteBuffer request) {
      int start = request.position();
      int producer = (int) request.getLong(start + Long.BYTES);
      long number = request.getLong(start + 2 * Long.BYTES);
      boolean next = number == last[producer] + 1 || (!fromFirst && last[producer] == 0);
      if (request.remaining() != body.length || request.getLong(start) != MAGIC || !next) {
        throw new IllegalStateException(
            "request %d of producer %d came after %d".formatted(number, producer, last[producer]));
      }
      last[producer] = number;
      if (content) {
        checksum.reset();
        checksum.update(request.duplicate().position(start + PREFIX_BYTES));
        if ((int) checksum.getValue() != expected) {
          throw new IllegalStateException(
              "request %d of producer %d is not what was sent".formatted(number, producer));
        }
      }
    }

    /** How many requests are missing that a producer was told are durable. */
    long missing() {
      long sum = 0;
      for (int producer = 0; producer < PRODUCERS; producer++) {
        sum += Math.max(0, durable(producer) - last[producer]);
      }
      return sum;
    }
  }

  /** Checks identities and order; the content is not looked at. */
  Check order() {
    return new Check(false, false);
  }

  /** Checks every byte of a journal from which nothing was deleted. */
  Check everything() {
    return new Check(true, true);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
