/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** The OTLP wire format, its index and splice, its JSON, and the {@code otlp:} Camel component. */
@NullMarked
package io.caravan.otlp;

import org.jspecify.annotations.NullMarked;
