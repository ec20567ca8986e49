/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Instant;

/**
 * What a deleted pipeline has not delivered yet.
 *
 * @param until when it is dropped
 * @param records how many wait at this moment
 * @param bytes the bytes of these
 */
public record Remainder(Instant until, long records, long bytes) {}
