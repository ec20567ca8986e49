/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Authentication;
import io.caravan.api.OtlpOutput;
import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.Tls;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the endpoint of an OTLP output as the contract does (section 7.2), with its messages. The
 * messages quote nothing of the endpoint, which may stand in a Secret.
 */
final class OtlpEndpoint {
  private static final Pattern SHAPE =
      Pattern.compile("(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?<authority>[^/?#]*)(?<rest>.*)");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[^@]*@)?(?<host>\\[[0-9A-Fa-f:.%]*\\]|[^:\\[\\]]*)(?::(?<port>[^:]*))?");

  private OtlpEndpoint() {}

  /** Whether the endpoint itself asks for plain text: {@code http://}. */
  static boolean isPlainText(String text) {
    return text.toLowerCase(Locale.ROOT).startsWith("http://");
  }

  static void check(OtlpOutput output, String text) throws RejectedException {
    Optional<String> problem = problem(output, text);
    if (problem.isPresent()) {
      throw new RejectedException(
          Reason.ENDPOINT_INVALID, "OTLP output endpoint invalid: " + problem.get());
    }
  }

  private static Optional<String> problem(OtlpOutput output, String text) {
    if (text.isEmpty()) {
      return Optional.of("failed to resolve value");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(
          text.strip().chars().anyMatch(Character::isISOControl)
              ? "invalid control character in URL"
              : "invalid control character in URL: a line break or tab at its beginning or end");
    }
    Matcher shape = SHAPE.matcher(text);
    if (text.indexOf(' ') >= 0 || !shape.matches()) {
      return Optional.of("invalid space in URL");
    }
    String scheme = Optional.ofNullable(shape.group("scheme")).orElse("").toLowerCase(Locale.ROOT);
    Matcher authority = AUTHORITY.matcher(shape.group("authority"));
    if (!authority.matches()) {
      return Optional.of("invalid host; an IPv6 address stands in brackets");
    }
    return port(output.protocol(), authority)
        .or(() -> scheme(output.protocol(), scheme))
        .or(() -> host(authority))
        .or(
            () ->
                output.protocol() == Protocol.GRPC && !shape.group("rest").isEmpty()
                    ? Optional.of("gRPC endpoints cannot contain paths")
                    : Optional.empty())
        .or(
            () ->
                output.authentication().filter(Authentication.Oauth2.class::isInstance).isPresent()
                    ? oauth2(output.protocol(), scheme, output.tls())
                    : Optional.empty());
  }

  private static Optional<String> port(Protocol protocol, Matcher authority) {
    String port = Optional.ofNullable(authority.group("port")).orElse("");
    if (port.isEmpty()) {
      return protocol == Protocol.GRPC ? Optional.of("missing port") : Optional.empty();
    }
    boolean valid =
        port.matches("[0-9]{1,5}")
            && Integer.parseInt(port) >= 1
            && Integer.parseInt(port) <= 65_535;
    return valid
        ? Optional.empty()
        : Optional.of("invalid port after host: a number from 1 to 65535 is expected");
  }

  private static Optional<String> host(Matcher authority) {
    return authority.group("host").isEmpty() ? Optional.of("missing host") : Optional.empty();
  }

  private static Optional<String> scheme(Protocol protocol, String scheme) {
    boolean valid =
        scheme.equals("http")
            || scheme.equals("https")
            || (scheme.isEmpty() && protocol == Protocol.GRPC);
    return valid ? Optional.empty() : Optional.of("missing or unsupported protocol scheme");
  }

  private static Optional<String> oauth2(Protocol protocol, String scheme, Tls tls) {
    return switch (protocol) {
      case GRPC -> {
        String needsTls = "OAuth2 requires TLS when using gRPC protocol";
        yield tls.insecure()
            ? Optional.of(needsTls)
            : scheme.equals("http")
                ? Optional.of(needsTls + ": HTTP scheme not allowed")
                : Optional.empty();
      }
      case HTTP -> {
        boolean configured =
            !tls.insecure()
                && (tls.ca().isPresent() || tls.cert().isPresent() || tls.key().isPresent());
        yield scheme.equals("http") && configured
            ? Optional.of("HTTP scheme with TLS not allowed")
            : Optional.empty();
      }
    };
  }
}
