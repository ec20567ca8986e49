/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Camel data formats for OTLP bodies, found by name: {@code otlp-json}, {@code otlp-json-lines},
 * {@code otlp-text}.
 */
@NullMarked
package io.caravan.otlp.format;

import org.jspecify.annotations.NullMarked;
