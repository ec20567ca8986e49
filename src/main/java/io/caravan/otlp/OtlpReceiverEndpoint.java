/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.server.CredentialFiles;
import io.caravan.otlp.server.ServerSettings;
import io.caravan.otlp.server.ServerTlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
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

  @UriParam(
      label = "security",
      description =
          "The server's certificate and its chain, a PEM file; with keyFile both ports speak TLS only. Read again when it changes, as all files here")
  private String certFile = "";

  @UriParam(
      label = "security",
      description = "The private key of certFile, a PEM file, unencrypted")
  private String keyFile = "";

  @UriParam(
      label = "security",
      description =
          "Who has to have signed the certificate that a client must show, a PEM file; empty if clients need none")
  private String clientCaFile = "";

  @UriParam(
      label = "security",
      description =
          "A file with a bearer token a line; with this or basicAuthFile senders have to prove who they are")
  private String bearerTokensFile = "";

  @UriParam(
      label = "security",
      description =
          "A file with user:password a line, the password plain, {SHA256}base64 or {SHA}base64")
  private String basicAuthFile = "";

  @UriParam(
      defaultValue = "600000",
      javaType = "java.time.Duration",
      description =
          "After how long a connection is ended in good order, a tenth more or less; 0 for never")
  private long maxConnectionAge = ServerSettings.DEFAULT_MAX_CONNECTION_AGE.toMillis();

  @UriParam(
      label = "security",
      description =
          "The web pages that may send from a browser: origins, with commas, each with at most one *; none if empty")
  private String corsAllowedOrigins = "";

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

  /**
   * What the options say.
   *
   * @throws IllegalArgumentException if they do not go together
   */
  ServerSettings settings() {
    ServerSettings settings =
        new ServerSettings(bind, grpcPort, httpPort, maxRequestSize)
            .withMaxConnectionAge(Duration.ofMillis(maxConnectionAge))
            .withCredentials(new CredentialFiles(file(bearerTokensFile), file(basicAuthFile)))
            .withCorsAllowedOrigins(
                Stream.of(corsAllowedOrigins.split(","))
                    .map(String::strip)
                    .filter(origin -> !origin.isEmpty())
                    .toList());
    return tls().map(settings::withTls).orElse(settings);
  }

  private Optional<ServerTlsFiles> tls() {
    Optional<Path> cert = file(certFile);
    Optional<Path> key = file(keyFile);
    Optional<Path> clientCa = file(clientCaFile);
    if (cert.isPresent() != key.isPresent() || (clientCa.isPresent() && cert.isEmpty())) {
      throw new IllegalArgumentException(
          "TLS needs both certFile and keyFile, and clientCaFile needs them, too.");
    }
    return cert.map(each -> new ServerTlsFiles(each, key.orElseThrow(), clientCa));
  }

  private static Optional<Path> file(String name) {
    return name.isBlank() ? Optional.empty() : Optional.of(Path.of(name));
  }

  /**
   * The budget of the Camel registry, which this receiver shares; if there is none, one of its own
   * that two of the largest requests fit into.
   */
  MemoryBudget memory() {
    MemoryBudget shared = getCamelContext().getRegistry().findSingleByType(MemoryBudget.class);
    return shared == null ? new MemoryBudget(2L * maxRequestSize) : shared;
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

  public String getCertFile() {
    return certFile;
  }

  public void setCertFile(String certFile) {
    this.certFile = certFile;
  }

  public String getKeyFile() {
    return keyFile;
  }

  public void setKeyFile(String keyFile) {
    this.keyFile = keyFile;
  }

  public String getClientCaFile() {
    return clientCaFile;
  }

  public void setClientCaFile(String clientCaFile) {
    this.clientCaFile = clientCaFile;
  }

  public String getBearerTokensFile() {
    return bearerTokensFile;
  }

  public void setBearerTokensFile(String bearerTokensFile) {
    this.bearerTokensFile = bearerTokensFile;
  }

  public String getBasicAuthFile() {
    return basicAuthFile;
  }

  public void setBasicAuthFile(String basicAuthFile) {
    this.basicAuthFile = basicAuthFile;
  }

  public long getMaxConnectionAge() {
    return maxConnectionAge;
  }

  public void setMaxConnectionAge(long maxConnectionAge) {
    this.maxConnectionAge = maxConnectionAge;
  }

  public String getCorsAllowedOrigins() {
    return corsAllowedOrigins;
  }

  public void setCorsAllowedOrigins(String corsAllowedOrigins) {
    this.corsAllowedOrigins = corsAllowedOrigins;
  }
}
