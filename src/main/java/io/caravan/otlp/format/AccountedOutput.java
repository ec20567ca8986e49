/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import io.caravan.otlp.DeliveryException;
import io.caravan.otlp.OtlpBody;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Passes bytes on to memory that grows, and takes a share of the heap for those that are more than
 * a conversion usually makes: a line for each record repeats its resource, so that a batch of a
 * large resource with small records would grow a thousandfold. Closing it leaves the target open.
 */
final class AccountedOutput extends OutputStream {
  /** Shares are taken in steps of so many bytes. */
  private static final int STEP = 1 << 20;

  /** Every byte is there twice while an array grows. */
  private static final int COPIES = 2;

  /** There is no room on the heap for what is still to come. */
  static final class NoHeapException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient DeliveryException refusal;

    NoHeapException(DeliveryException refusal) {
      super(refusal);
      this.refusal = refusal;
    }

    DeliveryException refusal() {
      return refusal;
    }
  }

  private final OutputStream out;
  private final OtlpBody body;

  /** The bytes that a share was taken for and that are not written yet. */
  private long left;

  /** For the conversion of a batch of that size, for which {@link OtlpBody#AS_TEXT} was taken. */
  AccountedOutput(OutputStream out, OtlpBody body, int batchSize) {
    this.out = out;
    this.body = body;
    this.left = (long) OtlpBody.AS_TEXT * batchSize / COPIES;
  }

  @Override
  public void write(int b) throws IOException {
    account(1);
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    account(length);
    out.write(bytes, offset, length);
  }

  private void account(int bytes) throws IOException {
    if (bytes > left) {
      int more = Math.max(bytes, STEP);
      try {
        body.occupy((long) COPIES * more);
      } catch (DeliveryException e) {
        throw new NoHeapException(e);
      }
      left += more;
    }
    left -= bytes;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
