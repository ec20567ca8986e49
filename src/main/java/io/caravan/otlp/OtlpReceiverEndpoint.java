/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.server.ServerSettings;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;

/** {@code otlp:receiver}: receives all three signals on one port of gRPC and one of HTTP. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "otlp",
    syntax = "otlp:receiver",
    title = "OTLP receiver",
    consumerOnly = true)
public final class OtlpReceiverEndpoint extends DefaultEndpoint {

  @UriParam(defaultValue = "127.0.0.1", description = "The address to listen on")
  private String bind = "127.0.0.1";

  @UriParam(
      defaultValue = "4317",
      description = "The port of OTLP/gRPC; 0 for any free one, -1 for none")
  private int grpcPort = 4317;

  @UriParam(
      defaultValue = "4318",
      description = "The port of OTLP/HTTP; 0 for any free one, -1 for none")
  private int httpPort = 4318;

  @UriParam(
      defaultValue = "67108864",
      description = "The largest request in bytes, after decompression")
  @Metadata(javaType = "int")
  private int maxRequestSize = ServerSettings.DEFAULT_MAX_REQUEST_SIZE;

  OtlpReceiverEndpoint(String uri, Component component) {
    super(uri, component);
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException(
        "otlp:receiver only receives; export with otlp:grpc or otlp:http.");
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    OtlpConsumer consumer = new OtlpConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  ServerSettings settings() {
    return new ServerSettings(bind, grpcPort, httpPort, maxRequestSize);
  }

  /**
   * The budget of the Camel registry, which this receiver shares; one of its own if there is none.
   */
  MemoryBudget memory() {
    MemoryBudget shared = getCamelContext().getRegistry().findSingleByType(MemoryBudget.class);
    return shared == null ? new MemoryBudget(settings().maxArriving()) : shared;
  }

  public String getBind() {
    return bind;
  }

  public void setBind(String bind) {
    this.bind = bind;
  }

  public int getGrpcPort() {
    return grpcPort;
  }

  public void setGrpcPort(int grpcPort) {
    this.grpcPort = grpcPort;
  }

  public int getHttpPort() {
    return httpPort;
  }

  public void setHttpPort(int httpPort) {
    this.httpPort = httpPort;
  }

  public int getMaxRequestSize() {
    return maxRequestSize;
  }

  public void setMaxRequestSize(int maxRequestSize) {
    this.maxRequestSize = maxRequestSize;
  }
}
