/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.json.OtlpJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;

/**
 * The body of an exchange that carries OTLP: a read-only view of a batch that the exchange owns.
 *
 * <p>Caravan's components take the batch; every other component gets the bytes by type conversion,
 * which copies to the heap: {@code byte[]}, {@code ByteBuffer} and {@code InputStream} are the
 * protobuf message, {@code String} is OTLP/JSON.
 *
 * <p>It is a stream cache, because that is what Camel copies before it hands a body to another
 * exchange that may live longer (wireTap, seda, parallel multicast): the copy has its bytes on the
 * heap. Who keeps a body without such a copy (aggregate) and reads it after the exchange has
 * completed gets an {@link IllegalStateException} that says so, never freed memory. Safe for use
 * from several threads.
 */
public final class OtlpBody implements StreamCache {
  /** JSON is two to three times as long as protobuf, and is there twice while it grows. */
  public static final int AS_TEXT = 5;

  private final @Nullable BatchOwner owner;
  private final String description;
  private final long length;
  private volatile OtlpBatch batch;

  /** A view: whoever makes it owns the batch. */
  public OtlpBody(OtlpBatch batch) {
    this(batch, null);
  }

  /** A view of a batch that an exchange owns. */
  OtlpBody(OtlpBatch batch, @Nullable BatchOwner owner) {
    this.batch = batch;
    this.owner = owner;
    this.length = batch.size();
    this.description =
        "OTLP "
            + batch.signal().lowerName()
            + ", "
            + batch.records()
            + " records, "
            + length
            + " bytes";
  }

  @Nullable BatchOwner owner() {
    return owner;
  }

  /** The batch, borrowed: retain what outlives the exchange. */
  public OtlpBatch batch() {
    return batch;
  }

  /**
   * The batch with one reference more, which the caller releases.
   *
   * @throws IllegalStateException if the exchange that owned it has completed
   */
  public OtlpBatch retain() {
    OtlpBatch current = batch;
    try {
      return current.retain();
    } catch (IllegalReferenceCountException e) {
      OtlpBatch now = batch;
      if (now != current) {
        return now.retain();
      }
      throw new IllegalStateException(
          "the exchange that owned this body ("
              + description
              + ") has completed and its bytes are"
              + " gone: convert the body to byte[] or String before it is kept for longer",
          e);
    }
  }

  /**
   * The batch with one reference more, which the caller releases, for a conversion that takes about
   * {@code factor} times its size of the heap until the exchange completes.
   *
   * @throws DeliveryException if there is not so much
   */
  public OtlpBatch retainToConvert(int factor) throws DeliveryException {
    if (owner != null) {
      owner.heap().occupy(factor * length, (int) length);
    }
    return retain();
  }

  /**
   * Takes more of the heap than a conversion was expected to, until the exchange completes.
   *
   * @throws DeliveryException if there is not so much
   */
  public void occupy(long bytes) throws DeliveryException {
    if (owner != null) {
      owner.heap().occupy(bytes, (int) length);
    }
  }

  /**
   * The protobuf message, copied to the heap.
   *
   * @throws DeliveryException if there is no room for it
   */
  public byte[] toByteArray() throws DeliveryException {
    OtlpBatch held = retainToConvert(1);
    try {
      return ByteBufUtil.getBytes(held.payload());
    } finally {
      held.release();
    }
  }

  /** The message as OTLP/JSON. */
  String toJson() throws MalformedOtlpException, DeliveryException {
    OtlpBatch held = retainToConvert(AS_TEXT);
    try {
      return OtlpJson.toString(held);
    } finally {
      held.release();
    }
  }

  /** Moves to the heap, while the batch is still there, for readers that come after its owner. */
  void outliveOwner() {
    OtlpBatch current = batch;
    if (!current.isOnHeap()) {
      batch = current.onHeap();
    }
  }

  @Override
  public OtlpBody copy(Exchange exchange) {
    OtlpBatch held = retain();
    try {
      return new OtlpBody(held.onHeap());
    } finally {
      held.release();
    }
  }

  @Override
  public void writeTo(OutputStream os) throws IOException {
    OtlpBatch held = retain();
    try {
      ByteBuf bytes = held.payload();
      bytes.getBytes(bytes.readerIndex(), os, bytes.readableBytes());
    } finally {
      held.release();
    }
  }

  /** Does nothing: every reader begins at the beginning. */
  @Override
  public void reset() {}

  @Override
  public boolean inMemory() {
    return true;
  }

  @Override
  public long length() {
    return length;
  }

  /** Always -1: there is no position, since every reader begins at the beginning. */
  @Override
  public long position() {
    return -1;
  }

  @Override
  public String toString() {
    return description;
  }
}
