/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

/** An exporter whose TLS is the JDK's. */
class JdkTlsExporterTest extends TlsExporterCases {
  JdkTlsExporterTest() {
    super("jdk");
  }
}
