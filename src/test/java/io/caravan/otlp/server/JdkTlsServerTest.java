/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

/** A server whose TLS is the JDK's. */
class JdkTlsServerTest extends TlsServerCases {
  JdkTlsServerTest() {
    super("jdk");
  }
}
