/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.node.ReceiverSettings;
import io.caravan.otlp.server.CredentialFiles;
import io.caravan.otlp.server.OtlpServer;
import io.caravan.otlp.server.ServerSettings;
import io.caravan.otlp.server.ServerTlsFiles;
import io.caravan.otlp.server.UnusableFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** What {@code run} can be told of those who send to its OTLP ports. */
final class OtlpOptions {

  @Option(
      names = "--otlp-tls-cert",
      paramLabel = "FILE",
      description =
          "Certificate of both OTLP ports with its chain, PEM; with --otlp-tls-key they speak TLS only. The files of this and the next four are read again when they change. Default: none, plaintext. Environment: CARAVAN_OTLP_TLS_CERT.")
  Optional<Path> cert = Optional.empty();

  @Option(
      names = "--otlp-tls-key",
      paramLabel = "FILE",
      description =
          "Private key of that certificate, PEM, unencrypted. Default: none. Environment: CARAVAN_OTLP_TLS_KEY.")
  Optional<Path> key = Optional.empty();

  @Option(
      names = "--otlp-tls-client-ca",
      paramLabel = "FILE",
      description =
          "Certificates, PEM, one of which has to have signed the one that a sender must then show (mTLS). Default: none, senders need no certificate. Environment: CARAVAN_OTLP_TLS_CLIENT_CA.")
  Optional<Path> clientCa = Optional.empty();

  @Option(
      names = "--otlp-bearer-tokens",
      paramLabel = "FILE",
      description =
          "Tokens, one a line, one of which a sender must then show. Default: none, everybody may send. Environment: CARAVAN_OTLP_BEARER_TOKENS.")
  Optional<Path> bearerTokens = Optional.empty();

  @Option(
      names = "--otlp-basic-auth",
      paramLabel = "FILE",
      description =
          "user:password, one a line, one of which a sender must then show, or a token; the password plain, or {SHA256} and the base64 of its SHA-256. Default: none. Environment: CARAVAN_OTLP_BASIC_AUTH.")
  Optional<Path> basicAuth = Optional.empty();

  @Option(
      names = "--otlp-max-connection-age",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = Age.class,
      description =
          "After how long a connection is ended in good order, a tenth more or less, so that load spreads over replicas; 0 for never. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_OTLP_MAX_CONNECTION_AGE.")
  Duration maxConnectionAge = Duration.ZERO;

  @Option(
      names = "--otlp-cors-origins",
      paramLabel = "ORIGIN",
      split = ",",
      description =
          "Web pages that may send from a browser, with commas, such as https://shop.example.com or https://*.example.com; * for all. Default: none. Environment: CARAVAN_OTLP_CORS_ORIGINS.")
  List<String> corsOrigins = List.of();

  /** {@link Values.Time}, or 0. */
  static final class Age implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      return value.equals("0") ? Duration.ZERO : new Values.Time().convert(value);
    }
  }

  /**
   * Reads the files once, because then what is wrong with them is said in a sentence.
   *
   * @throws CommandFailure if the options do not go together, or a file cannot be used
   */
  void check() throws CommandFailure {
    if (cert.isPresent() != key.isPresent()) {
      throw new CommandFailure(
          ExitCode.USAGE, "--otlp-tls-cert and --otlp-tls-key are given together, or neither is");
    }
    if (clientCa.isPresent() && cert.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "--otlp-tls-client-ca needs --otlp-tls-cert and --otlp-tls-key");
    }
    ServerSettings open =
        new ServerSettings("127.0.0.1", -1, -1, 1)
            .withCredentials(new CredentialFiles(bearerTokens, basicAuth))
            .withCorsAllowedOrigins(corsOrigins);
    try {
      OtlpServer.check(
          cert.map(each -> open.withTls(new ServerTlsFiles(each, key.orElseThrow(), clientCa)))
              .orElse(open));
    } catch (UnusableFileException e) {
      throw new CommandFailure(ExitCode.FAILURE, flagOf(e.file()) + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--otlp-cors-origins: " + e.getMessage());
    }
  }

  private String flagOf(Path file) {
    Map<String, Optional<Path>> files = new LinkedHashMap<>();
    files.put("--otlp-tls-cert", cert);
    files.put("--otlp-tls-key", key);
    files.put("--otlp-tls-client-ca", clientCa);
    files.put("--otlp-bearer-tokens", bearerTokens);
    files.put("--otlp-basic-auth", basicAuth);
    return files.entrySet().stream()
        .filter(each -> each.getValue().filter(file::equals).isPresent())
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }

  ReceiverSettings receiver() {
    return new ReceiverSettings(
        cert, key, clientCa, bearerTokens, basicAuth, maxConnectionAge, corsOrigins);
  }
}
