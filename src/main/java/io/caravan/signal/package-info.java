/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The fan-out to the pipelines of a signal, the {@code signal:} Camel component, and what a
 * pipeline has of it to deliver, the {@code journal:} component.
 *
 * <p>Its rooms, {@link io.caravan.signal.books} and {@link io.caravan.signal.outcomes}, know
 * nothing of it, nor of each other.
 */
@NullMarked
package io.caravan.signal;

import org.jspecify.annotations.NullMarked;
