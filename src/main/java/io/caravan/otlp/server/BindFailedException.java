/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import java.io.IOException;

/** A port that the server was to listen on cannot be had; the message names address and port. */
public final class BindFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The two ports of OTLP. */
  public enum Protocol {
    GRPC("OTLP/gRPC"),
    HTTP("OTLP/HTTP");

    private final String title;

    Protocol(String title) {
      this.title = title;
    }

    /** The protocol's name in messages. */
    public String title() {
      return title;
    }
  }

  private final Protocol protocol;
  private final String address;
  private final int port;

  BindFailedException(Protocol protocol, String address, int port, Throwable cause) {
    super(
        "Cannot listen on "
            + address
            + ":"
            + port
            + " for "
            + protocol.title()
            + ": "
            + cause.getMessage()
            + ". Another process may hold the port; choose another one or stop that process.",
        cause);
    this.protocol = protocol;
    this.address = address;
    this.port = port;
  }

  public Protocol protocol() {
    return protocol;
  }

  /** The address as it was configured. */
  public String address() {
    return address;
  }

  public int port() {
    return port;
  }
}
