/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.PipelineId;
import org.jspecify.annotations.Nullable;

/**
 * How a pipeline of the plan fares in this node.
 *
 * @param id the pipeline
 * @param runningDigest what runs, null if nothing does
 * @param plannedDigest what is to run, null if the plan holds no routes for it
 * @param loadError why the planned routes do not run, in Camel's own words; null if they do
 */
public record PipelineState(
    PipelineId id,
    @Nullable String runningDigest,
    @Nullable String plannedDigest,
    @Nullable String loadError) {}
