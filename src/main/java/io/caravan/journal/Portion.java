/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.List;

/**
 * What one read has found.
 *
 * @param records in order; may be empty though there are more further on
 * @param next where to read on; {@link Place#end} of the time of the read, if that was all
 * @param all whether that was all that there was
 */
public record Portion(List<StoredRecord> records, long next, boolean all) {
  public Portion {
    records = List.copyOf(records);
  }
}
