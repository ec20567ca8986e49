/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The delivery of a pipeline's batches: lanes, portions, retries, the circuit breaker. Plain Java
 * that knows batches and nothing of where they come from or go to.
 */
@NullMarked
package io.caravan.delivery;

import org.jspecify.annotations.NullMarked;
