/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.Lease;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.ContentTooLargeException;
import io.caravan.otlp.compress.CorruptDataException;
import io.caravan.otlp.net.Gathering;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;

/**
 * The body of one request, from its first byte until it is a batch, with the memory that it holds.
 * Only on its connection's event loop.
 */
final class ArrivingBody {
  private final Arriving.Shelf shelf;
  private final ByteBufAllocator allocator;
  private final Gathering gathering;
  private final int limit;
  private final Lease lease;
  private final long startedNanos = System.nanoTime();

  /** Whether it holds no memory any more: it is a batch, or nobody wants it. */
  private boolean ended;

  /**
   * A body of which nothing has arrived.
   *
   * @param announced its length as the sender says, -1 where it does not
   * @param limit the most bytes that it may have, also after decompression
   */
  ArrivingBody(Arriving arriving, ChannelHandlerContext ctx, long announced, int limit) {
    this.shelf = arriving.shelf(ctx.executor());
    this.allocator = ctx.alloc();
    this.gathering = new Gathering(allocator, announced);
    this.limit = limit;
    this.lease = new Lease(arriving.budget());
    shelf.add(this);
  }

  long startedNanos() {
    return startedNanos;
  }

  /** The bytes that have arrived. */
  int size() {
    return gathering.size();
  }

  /**
   * Takes a part, which stays the caller's.
   *
   * @throws OtlpStatusException RESOURCE_EXHAUSTED beyond the limit, UNAVAILABLE where there is no
   *     memory
   */
  void append(ByteBuf part) throws OtlpStatusException {
    int length = part.readableBytes();
    if (length > limit - gathering.size()) {
      throw new OtlpStatusException(Requests.tooLarge(limit));
    }
    reserve(gathering.capacityWith(part));
    gathering.append(part);
  }

  private void reserve(long bytes) throws OtlpStatusException {
    while (!ended && !lease.tryResize(bytes)) {
      if (!shelf.makeRoom(this)) {
        throw new OtlpStatusException(Arriving.FULL);
      }
    }
    if (ended) {
      throw new OtlpStatusException(Arriving.FULL);
    }
  }

  /**
   * The batch of a body that has arrived wholly; what it holds of the budget is the batch's then.
   *
   * @throws OtlpStatusException INVALID_ARGUMENT, RESOURCE_EXHAUSTED or UNAVAILABLE
   */
  OtlpBatch finish(Signal signal, Compression compression, HttpBody encoding)
      throws OtlpStatusException {
    long capacity = gathering.capacity();
    reserve(capacity);
    ByteBuf arrived = gathering.take();
    try {
      OtlpBatch batch = batch(signal, compression, encoding, arrived, capacity);
      // What arrived compressed is kept as well, and a buffer may be larger than what is in it.
      long arrivedToo = compression == Compression.NONE ? 0 : capacity;
      if (lease.tryResize(Math.max(batch.footprint() + arrivedToo, capacity))) {
        ended = true;
        return batch;
      }
      lease.retain(); // what the batch lets go of is still to be discarded here
      batch.release();
      throw new OtlpStatusException(Arriving.FULL);
    } finally {
      arrived.release();
      shelf.remove(this);
      if (!ended) {
        drop();
      }
    }
  }

  private OtlpBatch batch(
      Signal signal, Compression compression, HttpBody encoding, ByteBuf arrived, long capacity)
      throws OtlpStatusException {
    ByteBuf request =
        compression == Compression.NONE
            ? arrived.retain()
            : decompress(compression, arrived, capacity);
    if (encoding == HttpBody.JSON) {
      transcodable(request, capacity);
      request = Requests.transcode(signal, request, limit, allocator);
    }
    OtlpBatch batch = Requests.index(signal, request, lease);
    if (encoding == HttpBody.PROTOBUF && compression != Compression.NONE) {
      batch.arrivedAs(compression, arrived);
    }
    return batch;
  }

  /** Transcoding gathers the result on the heap first; it is up to four times as long. */
  private void transcodable(ByteBuf json, long capacity) throws OtlpStatusException {
    try {
      reserve(capacity + 2 * Math.min(4L * json.readableBytes(), limit));
    } catch (OtlpStatusException e) {
      json.release();
      throw e;
    }
  }

  private ByteBuf decompress(Compression compression, ByteBuf arrived, long capacity)
      throws OtlpStatusException {
    while (true) {
      int most = (int) Math.min(limit, lease.room());
      try {
        ByteBuf content = compression.decompress(arrived, most, allocator);
        if (lease.tryResize(capacity + content.capacity())) {
          return content;
        }
        content.release();
      } catch (ContentTooLargeException e) {
        if (most == limit) {
          throw new OtlpStatusException(Requests.tooLarge(limit));
        }
      } catch (CorruptDataException e) {
        throw Requests.corrupt(compression, e);
      }
      if (!shelf.makeRoom(this)) {
        throw new OtlpStatusException(Arriving.FULL);
      }
    }
  }

  /** Lets go of the memory, which others need; the sender is told when it goes on, or is late. */
  void drop() {
    ended = true;
    gathering.discard();
    lease.release();
  }

  /** Lets go of the memory, if it still holds any: the request is answered, or gone. */
  void discard() {
    if (!ended) {
      shelf.remove(this);
      drop();
    }
  }
}
