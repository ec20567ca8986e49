/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;

/** Is told of every request that is answered with anything but success; by any thread. */
@FunctionalInterface
public interface Refusals {
  /** For a server that nobody watches. */
  Refusals UNCOUNTED = (protocol, code) -> {};

  /**
   * A request was answered so.
   *
   * @param protocol of the request, not of the port: the port of HTTP takes gRPC, too
   * @param code what was answered, for HTTP the code that stands behind the status
   */
  void refused(BindFailedException.Protocol protocol, GrpcCode code);
}
