/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Protobuf's wire format, read and written in place, without generated classes. */
@NullMarked
package io.caravan.otlp.wire;

import org.jspecify.annotations.NullMarked;
