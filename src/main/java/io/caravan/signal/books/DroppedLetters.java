/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.books;

import io.caravan.api.PipelineId;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.Source;

/**
 * Dead letters that are there no longer.
 *
 * @param deadLettered the reason for which they had been put aside, a metric's label
 * @param dropped the reason for which they went, another
 */
public record DroppedLetters(
    PipelineId pipeline, Source source, String deadLettered, String dropped, Amount amount) {}
