/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

/** What a batch that a pipeline has not taken means, which the others' answers decide. */
interface Untaken {
  /** Its sender keeps it, and is asked to come again or told why not. */
  void refused();

  /** Its sender hears OK from another pipeline and will not come again: this one never gets it. */
  void lost();
}
