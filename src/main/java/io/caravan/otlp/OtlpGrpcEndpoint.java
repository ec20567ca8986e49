/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.client.Endpoint;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.client.Exporter;
import io.caravan.otlp.client.ExporterSettings;
import io.caravan.otlp.client.GrpcExporter;
import io.caravan.otlp.compress.CompressionNames;
import org.apache.camel.Component;
import org.apache.camel.spi.UriEndpoint;

/** {@code otlp:grpc}: exports to one backend over OTLP/gRPC. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "otlp",
    syntax = "otlp:grpc",
    title = "OTLP/gRPC exporter",
    producerOnly = true)
public final class OtlpGrpcEndpoint extends OtlpExporterEndpoint {

  OtlpGrpcEndpoint(String uri, Component component) {
    super(uri, component);
  }

  @Override
  CompressionNames names() {
    return CompressionNames.GRPC;
  }

  @Override
  Endpoint parse(String text, Transport otherwise) {
    return Endpoint.grpc(text, otherwise);
  }

  @Override
  Exporter createExporter(ExporterSettings settings) {
    return GrpcExporter.create(settings);
  }
}
