/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the OTLP server and the OTLP exporters share below gRPC and HTTP: event loops, the HTTP/2
 * codec, compression, and the few protobuf messages of statuses.
 */
@NullMarked
package io.caravan.otlp.net;

import org.jspecify.annotations.NullMarked;
