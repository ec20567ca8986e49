/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What a connector's failure means: by what its Kamelet declares, and by the kind of failure.
 *
 * <p>Knows Camel's exceptions and OTLP. The routes' side of {@link io.caravan.signal} knows it, and
 * it knows nothing of that.
 */
@NullMarked
package io.caravan.signal.outcomes;

import org.jspecify.annotations.NullMarked;
