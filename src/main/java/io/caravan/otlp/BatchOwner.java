/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.spi.SynchronizationVetoable;

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
  private final OtlpBatch batch;
  private final OtlpBody body;
  private final AtomicBoolean released = new AtomicBoolean();

  private BatchOwner(OtlpBatch batch, OtlpBody body) {
    this.batch = batch;
    this.body = body;
  }

  /**
   * Sets the batch as the body of the exchange, which takes over the caller's reference to it. To
   * be called before the exchange is processed, or while it is.
   */
  public static BatchOwner attach(Exchange exchange, OtlpBatch batch) {
    OtlpBody body = new OtlpBody(batch);
    BatchOwner owner = new BatchOwner(batch, body);
    exchange.getMessage().setBody(body);
    exchange.getExchangeExtension().addOnCompletion(owner);
    return owner;
  }

  /** Releases the batch if that has not happened yet. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      batch.release();
    }
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
