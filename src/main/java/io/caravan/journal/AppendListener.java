/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.List;

/**
 * Is told what became of an entry, once, in the order of the appends, on the thread that writes: it
 * must neither block nor take long. The payload is released when it returns.
 */
public interface AppendListener {
  /**
   * The entry is written, and if it was to be durable it survives a power loss.
   *
   * @param receipts what each target acknowledges it with, in the order of the entry's targets
   */
  void written(List<Receipt> receipts);

  /** The entry was not written and what was reserved for it is released. */
  void failed(IOException cause);
}
