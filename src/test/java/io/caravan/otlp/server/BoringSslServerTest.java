/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

/** A server whose TLS is BoringSSL. */
class BoringSslServerTest extends TlsServerCases {
  BoringSslServerTest() {
    super("boringssl");
  }
}
