/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/**
 * Follows what a place holds, for whoever has to account for it.
 *
 * <p>All methods are called by one thread at a time, under the place's lock, and so see and leave a
 * state that fits what the place has done with: they neither block nor take long, and do not throw.
 */
public interface PlaceAccount {
  /** For a place of which nobody keeps account. */
  PlaceAccount NONE =
      new PlaceAccount() {
        @Override
        public void written(Receipt receipt) {}

        @Override
        public void done(Receipt receipt, Runnable posting) {
          posting.run();
        }

        @Override
        public void lost(Receipt receipt) {}

        @Override
        public void removed() {}

        @Override
        public byte[] totals() {
          return SavedAccount.NONE.totals();
        }
      };

  /** A record is held from now on; its sender has not been answered yet. */
  void written(Receipt receipt);

  /**
   * A record was acknowledged, and is held no longer.
   *
   * @param posting says what became of it: what whoever acknowledged it has given, to be run
   */
  void done(Receipt receipt, Runnable posting);

  /** A record that was held is corrupt, and is held no longer. */
  void lost(Receipt receipt);

  /** The place is gone, and what it held is given up. */
  void removed();

  /**
   * All that the account has to know to go on in another process; saved in one step with the rest.
   */
  byte[] totals();
}
