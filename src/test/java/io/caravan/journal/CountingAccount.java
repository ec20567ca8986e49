/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.nio.ByteBuffer;
import java.util.List;

/** An account that counts records: those that came, and those that ended. Guarded by its place. */
final class CountingAccount implements PlaceAccount {
  private long came;
  private long ended;

  /** What the totals know of and the place does not have. */
  private final long missing;

  CountingAccount(Inheritance inheritance) {
    if (inheritance.totals().length > 0) {
      ByteBuffer saved = ByteBuffer.wrap(inheritance.totals());
      came = saved.getLong();
      ended = saved.getLong();
    }
    missing = came - ended - records(inheritance.counted());
    ended += missing;
    came += records(inheritance.since()) + records(inheritance.lost());
    ended += records(inheritance.lost());
  }

  private static long records(List<Held> held) {
    return held.stream().mapToLong(Held::records).sum();
  }

  static CountingAccount of(Place place) {
    return place.keep(CountingAccount::new);
  }

  long came() {
    return came;
  }

  long ended() {
    return ended;
  }

  long missing() {
    return missing;
  }

  @Override
  public void written(Receipt receipt) {
    came += receipt.records();
  }

  @Override
  public void done(Receipt receipt, Runnable posting) {
    ended += receipt.records();
    posting.run();
  }

  @Override
  public void lost(Receipt receipt) {
    ended += receipt.records();
  }

  @Override
  public void removed() {
    ended = came;
  }

  @Override
  public byte[] totals() {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(came).putLong(ended).array();
  }
}
