/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the pipelines' books of the {@code ledger} are told, and the totals that are saved with the
 * places of the journal.
 *
 * <p>Knows the ledger and the journal. The fan-out and the backlogs of {@link io.caravan.signal}
 * know it, and it knows nothing of them.
 */
@NullMarked
package io.caravan.signal.books;

import org.jspecify.annotations.NullMarked;
