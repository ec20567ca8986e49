/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** OTLP/JSON to protobuf bytes and back, streaming, driven by tables of the messages. */
@NullMarked
package io.caravan.otlp.json;

import org.jspecify.annotations.NullMarked;
