/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** The OTLP exporters: gRPC and HTTP/1.1 on Netty, without Camel. */
@NullMarked
package io.caravan.otlp.client;

import org.jspecify.annotations.NullMarked;
