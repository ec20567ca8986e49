/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The load benchmark: the same OTLP requests through Caravan, a bare forwarder and the Collector,
 * in one run. {@code docs/performance.md} has the method.
 */
@NullMarked
package io.caravan.bench;

import org.jspecify.annotations.NullMarked;
