/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.client.Endpoint;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.client.Exporter;
import io.caravan.otlp.client.ExporterSettings;
import io.caravan.otlp.client.HttpExporter;
import io.caravan.otlp.compress.CompressionNames;
import org.apache.camel.Component;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.jspecify.annotations.Nullable;

/** {@code otlp:http}: exports to one backend over OTLP/HTTP, as protobuf. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "otlp",
    syntax = "otlp:http",
    title = "OTLP/HTTP exporter",
    producerOnly = true)
public final class OtlpHttpEndpoint extends OtlpExporterEndpoint {

  @UriParam(
      description =
          "Appended to the endpoint and used for every signal; without it each signal has its own"
              + " path below the endpoint, /v1/traces for one")
  private @Nullable String path;

  OtlpHttpEndpoint(String uri, Component component) {
    super(uri, component);
  }

  @Override
  CompressionNames names() {
    return CompressionNames.HTTP;
  }

  @Override
  Endpoint parse(String text, Transport otherwise) {
    return Endpoint.http(text, otherwise);
  }

  @Override
  Exporter createExporter(ExporterSettings settings) {
    return HttpExporter.create(settings, text(path));
  }

  public @Nullable String getPath() {
    return path;
  }

  public void setPath(@Nullable String path) {
    this.path = path;
  }
}
