/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** The OTLP server: gRPC and HTTP/1.1 on Netty, without Camel. */
@NullMarked
package io.caravan.otlp.server;

import org.jspecify.annotations.NullMarked;
