/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;

/** Records of a pipeline that are not accounted for; see {@link Balance#difference}. */
public record Difference(PipelineId pipeline, Source source, Amount amount) {}
