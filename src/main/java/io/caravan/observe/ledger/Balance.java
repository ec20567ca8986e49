/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

/**
 * Both sides of the ledger for one source of one pipeline, or for several of them, at one moment.
 *
 * @param queued in the journal, in memory and on its way to the backend
 * @param deadLettered those that are still put aside
 */
public record Balance(
    Amount accepted,
    Amount created,
    Amount delivered,
    Amount queued,
    Amount dropped,
    Amount deadLettered) {

  public static final Balance EMPTY =
      new Balance(Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE, Amount.NONE);

  /**
   * What is not accounted for. Positive: records have disappeared without a reason. Negative: some
   * were counted twice.
   */
  public Amount difference() {
    return accepted.plus(created).minus(delivered).minus(queued).minus(dropped).minus(deadLettered);
  }

  public Balance plus(Balance other) {
    return new Balance(
        accepted.plus(other.accepted),
        created.plus(other.created),
        delivered.plus(other.delivered),
        queued.plus(other.queued),
        dropped.plus(other.dropped),
        deadLettered.plus(other.deadLettered));
  }
}
