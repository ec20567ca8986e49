/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/** How OTLP travels, on both sides of a system alike. */
enum Transport {
  /** OTLP/gRPC. */
  GRPC,
  /** OTLP/HTTP with protobuf, over HTTP/1.1. */
  HTTP
}
