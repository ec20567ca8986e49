/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.client.Endpoint;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.client.Exporter;
import io.caravan.otlp.client.ExporterSettings;
import io.caravan.otlp.client.ExporterSettings.Header;
import io.caravan.otlp.client.TlsSettings;
import io.caravan.otlp.client.TlsSettings.Verification;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * What {@code otlp:grpc} and {@code otlp:http} have in common: the options of one backend. Options
 * that are secret come as a reference to the registry ({@code #name}), so that no URI holds one.
 */
public abstract sealed class OtlpExporterEndpoint extends DefaultEndpoint
    permits OtlpGrpcEndpoint, OtlpHttpEndpoint {

  @UriParam(
      description =
          "The backend: host:port or a URL. http:// is plaintext, https:// is TLS; without either"
              + " it is TLS unless insecure is set")
  private @Nullable String endpoint;

  @UriParam(
      defaultValue = "none",
      enums = "none,gzip,zstd,snappy",
      description = "Compression of the requests")
  private String compression = "none";

  @UriParam(
      secret = true,
      label = "security",
      description = "Headers of every request, one 'Name: value' a line")
  private @Nullable String headers;

  @UriParam(secret = true, label = "security", description = "The user of basic authentication")
  private @Nullable String user;

  @UriParam(secret = true, label = "security", description = "The password of the user")
  private @Nullable String password;

  @UriParam(
      label = "security",
      description = "PEM certificates to trust, instead of those of SSL_CERT_FILE or of the JDK")
  private @Nullable String ca;

  @UriParam(label = "security", description = "The client's certificate chain, PEM")
  private @Nullable String cert;

  @UriParam(
      secret = true,
      label = "security",
      description = "The client's private key, PEM, not encrypted")
  private @Nullable String key;

  @UriParam(
      label = "security",
      description = "No TLS where the endpoint says neither http nor https")
  private boolean insecure;

  @UriParam(label = "security", description = "TLS without checking the backend's certificate")
  private boolean insecureSkipVerify;

  @UriParam(
      defaultValue = "30s",
      javaType = "java.time.Duration",
      description = "How long one attempt may take, in milliseconds or as 5s")
  private String timeout = "30s";

  OtlpExporterEndpoint(String uri, Component component) {
    super(uri, component);
  }

  /** Reads the backend's address in the way of the protocol. */
  abstract Endpoint parse(String text, Transport otherwise);

  abstract Exporter createExporter(ExporterSettings settings);

  @Override
  public Producer createProducer() {
    return new OtlpProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("Only otlp:receiver receives.");
  }

  /**
   * The exporter that these options describe.
   *
   * @throws IllegalArgumentException if one of them cannot be used; the message names it
   */
  Exporter createExporter() {
    String address = text(endpoint).orElseThrow(() -> invalid("endpoint", "it is missing"));
    Transport otherwise = insecure ? Transport.PLAINTEXT : Transport.TLS;
    Duration attempt = parseTimeout();
    if (!attempt.isPositive()) {
      throw invalid("timeout", "it is not positive");
    }
    return createExporter(
        ExporterSettings.of(parse(address, otherwise))
            .with(parseCompression())
            .with(parseHeaders())
            .with(attempt)
            .with(
                new TlsSettings(
                    text(ca),
                    text(cert),
                    text(key),
                    insecureSkipVerify ? Verification.SKIPPED : Verification.FULL)));
  }

  /** The protocol's words for compressions. */
  abstract CompressionNames names();

  private Duration parseTimeout() {
    try {
      return Duration.ofMillis(TimeUtils.toMilliSeconds(timeout.strip()));
    } catch (IllegalArgumentException e) {
      throw invalid("timeout", "it is neither milliseconds nor a time such as 5s");
    }
  }

  private Compression parseCompression() {
    String word = compression.strip().toLowerCase(Locale.ROOT);
    if (word.isEmpty() || word.equals("none")) {
      return Compression.NONE;
    }
    List<String> offered = names().offered();
    if (!offered.contains(word)) {
      throw invalid("compression", "it is none of " + String.join(", ", offered));
    }
    return names().find(word).orElseThrow();
  }

  private List<Header> parseHeaders() {
    List<Header> parsed = new ArrayList<>();
    for (String line : text(headers).orElse("").lines().toList()) {
      if (line.isBlank()) {
        continue;
      }
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      String value = line.substring(colon + 1).strip();
      if (name.isEmpty() || !name.chars().allMatch(OtlpExporterEndpoint::isTokenCharacter)) {
        throw invalid("headers", "line " + (parsed.size() + 1) + " is not 'Name: value'");
      }
      if (value.chars().anyMatch(c -> c < ' ' || c > 0x7e)) {
        throw invalid("headers", "the value of " + name + " has characters beyond printable ASCII");
      }
      parsed.add(new Header(name, value));
    }
    if (text(user).isPresent() || text(password).isPresent()) {
      parsed.add(Header.basic(text(user).orElse(""), text(password).orElse("")));
    }
    return parsed;
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /** An absent option and an empty one are the same: Kamelets pass what nobody set as empty. */
  static Optional<String> text(@Nullable String option) {
    return Optional.ofNullable(option).filter(value -> !value.isBlank());
  }

  private IllegalArgumentException invalid(String option, String why) {
    return new IllegalArgumentException(
        "The option '" + option + "' of " + getEndpointBaseUri() + " cannot be used: " + why + ".");
  }

  public @Nullable String getEndpoint() {
    return endpoint;
  }

  public void setEndpoint(@Nullable String endpoint) {
    this.endpoint = endpoint;
  }

  public String getCompression() {
    return compression;
  }

  public void setCompression(String compression) {
    this.compression = compression;
  }

  public @Nullable String getHeaders() {
    return headers;
  }

  public void setHeaders(@Nullable String headers) {
    this.headers = headers;
  }

  public @Nullable String getUser() {
    return user;
  }

  public void setUser(@Nullable String user) {
    this.user = user;
  }

  public @Nullable String getPassword() {
    return password;
  }

  public void setPassword(@Nullable String password) {
    this.password = password;
  }

  public @Nullable String getCa() {
    return ca;
  }

  public void setCa(@Nullable String ca) {
    this.ca = ca;
  }

  public @Nullable String getCert() {
    return cert;
  }

  public void setCert(@Nullable String cert) {
    this.cert = cert;
  }

  public @Nullable String getKey() {
    return key;
  }

  public void setKey(@Nullable String key) {
    this.key = key;
  }

  public boolean isInsecure() {
    return insecure;
  }

  public void setInsecure(boolean insecure) {
    this.insecure = insecure;
  }

  public boolean isInsecureSkipVerify() {
    return insecureSkipVerify;
  }

  public void setInsecureSkipVerify(boolean insecureSkipVerify) {
    this.insecureSkipVerify = insecureSkipVerify;
  }

  public String getTimeout() {
    return timeout;
  }

  public void setTimeout(String timeout) {
    this.timeout = timeout;
  }
}
