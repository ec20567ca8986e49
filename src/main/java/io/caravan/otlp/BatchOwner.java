/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.spi.SynchronizationVetoable;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exchange the owner of a batch: releases it once, when the exchange completes, however it
 * ended and whatever a route did to the body.
 *
 * <p>Stays with its exchange when Camel hands completions over to a copy (seda, resequence): a copy
 * that a full queue discards never completes, and the original goes on reading after the copy was
 * done. The body goes to the heap then, for the copy.
 *
 * <p>An exchange that a stopping context turns away before its route began has no unit of work and
 * never completes; therefore a consumer also calls {@link #release} in its callback. Runs last of
 * an exchange's completions, so that the others may still read. Thread-safe.
 */
public final class BatchOwner implements SynchronizationVetoable, Ordered {
  private final Exchange exchange;
  private final AtomicReference<@Nullable OtlpBatch> batch;
  private final HeapShare heap = new HeapShare();
  private volatile OtlpBody body;

  private BatchOwner(Exchange exchange, OtlpBatch batch) {
    this.exchange = exchange;
    this.batch = new AtomicReference<>(batch);
    this.body = new OtlpBody(batch, this);
  }

  /**
   * Sets the batch as the body of the exchange, which takes over the caller's reference to it. To
   * be called before the exchange is processed, or while it is.
   */
  public static BatchOwner attach(Exchange exchange, OtlpBatch batch) {
    BatchOwner owner = new BatchOwner(exchange, batch);
    exchange.getMessage().setBody(owner.body);
    exchange.getExchangeExtension().addOnCompletion(owner);
    return owner;
  }

  /**
   * Sets another batch as the body of the exchange, which takes over the caller's reference to it,
   * and lets go of the one before if it was the exchange's own: it may be on its way elsewhere.
   */
  @SuppressWarnings("ReferenceEquality") // of this very exchange
  public static void replace(Exchange exchange, OtlpBody before, OtlpBatch next) {
    BatchOwner owner = before.owner();
    if (owner == null || owner.exchange != exchange) {
      attach(exchange, next);
      return;
    }
    OtlpBatch last = owner.batch.getAndSet(next);
    owner.body = new OtlpBody(next, owner);
    exchange.getMessage().setBody(owner.body);
    if (last != null) {
      last.release();
    }
  }

  /** Releases the batch if that has not happened yet. */
  public void release() {
    OtlpBatch held = batch.getAndSet(null);
    if (held != null) {
      held.release();
      heap.release();
    }
  }

  /** What conversions of the body hold until the exchange completes. */
  HeapShare heap() {
    return heap;
  }

  @Override
  public void onComplete(Exchange exchange) {
    release();
  }

  @Override
  public void onFailure(Exchange exchange) {
    release();
  }

  @Override
  public boolean allowHandover() {
    body.outliveOwner();
    return false;
  }

  /** Never called, since no handover is allowed. */
  @Override
  public void beforeHandover(Exchange target) {}

  @Override
  public int getOrder() {
    return Ordered.LOWEST;
  }
}
