/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

/** An exporter whose TLS is BoringSSL. */
class BoringSslExporterTest extends TlsExporterCases {
  BoringSslExporterTest() {
    super("boringssl");
  }
}
