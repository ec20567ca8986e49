/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What a pipeline has delivered and keeps for replay.
 *
 * @param records how many at this moment
 * @param bytes the bytes of these
 * @param oldest when the oldest came; empty if there is none, or in the first second of a process
 */
public record RetainedAmount(long records, long bytes, Optional<Instant> oldest) {}
