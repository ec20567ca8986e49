/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import io.caravan.api.schema.RuleCases.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of outputs, broken and kept. */
final class OutputRuleCases {

  static final String ONE_VALUE = "Only one of 'value' or 'valueFrom' can be set";
  static final String REF = "valueFrom: {secretKeyRef: {name: s, namespace: n, key: k}}";
  static final String BOTH = "{value: x, " + REF + "}";

  private OutputRuleCases() {}

  /** Those of the outputs that all pipelines have. */
  static List<Case> of(ResourceKind kind) {
    List<Case> cases = new ArrayList<>();
    cases.add(
        otlp(
            kind,
            "'endpoint' must have 'value' or 'valueFrom' set",
            "",
            "endpoint: {}",
            "endpoint: {" + REF + "}"));
    cases.add(otlp(kind, ONE_VALUE, ".endpoint", "endpoint: " + BOTH, "endpoint: {value: x}"));
    cases.add(
        otlp(
            kind,
            "Path is only available with HTTP protocol",
            "",
            "endpoint: {value: x}, path: /x",
            "endpoint: {value: x}, path: /x, protocol: http"));
    cases.add(
        otlp(
            kind,
            "Path is only available with HTTP protocol",
            "",
            "endpoint: {value: x}, path: /x, protocol: grpc",
            "endpoint: {value: x}, path: '', protocol: grpc"));
    cases.add(
        otlp(
            kind,
            "Header must have 'value' or 'valueFrom' set",
            ".headers[0]",
            "endpoint: {value: x}, headers: [{name: x}]",
            "endpoint: {value: x}, headers: [{name: x, value: y}]"));
    cases.add(
        otlp(
            kind,
            ONE_VALUE,
            ".headers[1]",
            "endpoint: {value: x}, headers: [{name: x, value: y}, {name: x, value: y, "
                + REF
                + "}]",
            "endpoint: {value: x}, headers: [{name: x, " + REF + "}]"));
    cases.add(
        auth(
            kind,
            "Only one authentication method can be specified",
            "",
            "basic: {user: {value: x}, password: {value: y}}, oauth2: {tokenURL: {value: 'http://x'}, clientID: {value: x}, clientSecret: {value: y}}",
            "basic: {user: {value: x}, password: {value: y}}"));
    for (String field : List.of("user", "password")) {
      String other = field.equals("user") ? "password: {value: x}, " : "user: {value: x}, ";
      cases.add(
          auth(
              kind,
              "'" + field + "' must have 'value' or 'valueFrom' set",
              ".basic",
              "basic: {" + other + field + ": {}}",
              "basic: {" + other + field + ": {" + REF + "}}"));
      cases.add(
          auth(
              kind,
              ONE_VALUE,
              ".basic." + field,
              "basic: {" + other + field + ": " + BOTH + "}",
              "basic: {" + other + field + ": {value: x}}"));
    }
    for (String field : List.of("tokenURL", "clientID", "clientSecret")) {
      String others =
          Stream.of("tokenURL", "clientID", "clientSecret")
              .filter(other -> !other.equals(field))
              .map(other -> other + ": {value: 'http://x'}, ")
              .collect(Collectors.joining());
      cases.add(
          auth(
              kind,
              "'" + field + "' must have 'value' or 'valueFrom' set",
              ".oauth2",
              "oauth2: {" + others + field + ": {}}",
              "oauth2: {" + others + field + ": {" + REF + "}}"));
      cases.add(
          auth(
              kind,
              ONE_VALUE,
              ".oauth2." + field,
              "oauth2: {" + others + field + ": {value: 'http://x', " + REF + "}}",
              "oauth2: {" + others + field + ": {value: 'http://x'}}"));
    }
    String client = "clientID: {value: x}, clientSecret: {value: y}, ";
    cases.add(
        auth(
            kind,
            "'tokenURL' must be a valid URL",
            ".oauth2.tokenURL",
            "oauth2: {" + client + "tokenURL: {value: not a url}}",
            "oauth2: {" + client + "tokenURL: {value: 'https://auth.example.com/token?x=y'}}"));
    String oauth2 =
        "endpoint: {value: x}, authentication: {oauth2: {"
            + client
            + "tokenURL: {value: 'http://x'}}}";
    cases.add(
        otlp(
            kind,
            "OAuth2 authentication requires TLS when using gRPC protocol",
            "",
            oauth2 + ", tls: {insecure: true}",
            oauth2 + ", tls: {insecure: true}, protocol: http"));
    cases.add(
        otlp(
            kind,
            "OAuth2 authentication requires TLS when using gRPC protocol",
            "",
            oauth2 + ", tls: {insecure: true}",
            oauth2 + ", tls: {insecure: false}"));
    cases.addAll(tls(kind, "otlp", "endpoint"));
    return cases;
  }

  /** Those of an output's TLS. */
  static List<Case> tls(ResourceKind kind, String output, String required) {
    List<Case> cases = new ArrayList<>();
    String format = "{output: {%s: {%s: {value: x}, tls: {%s}}}}";
    String path = "spec.output." + output + ".tls";
    for (String alone : List.of("cert", "key")) {
      cases.add(
          new Case(
              kind,
              "Can define either both 'cert' and 'key', or neither",
              path,
              format.formatted(output, required, alone + ": {value: x}"),
              format.formatted(output, required, "cert: {value: x}, key: {value: x}")));
    }
    for (String field : List.of("ca", "cert", "key")) {
      cases.add(
          new Case(
              kind,
              ONE_VALUE,
              path + "." + field,
              format
                  .formatted(output, required, "ca: {value: x}, cert: {value: x}, key: {value: x}")
                  .replace(field + ": {value: x}", field + ": " + BOTH),
              format.formatted(output, required, "ca: {}")));
    }
    return cases;
  }

  private static Case otlp(
      ResourceKind kind, String message, String path, String broken, String kept) {
    return new Case(
        kind,
        message,
        "spec.output.otlp" + path,
        "{output: {otlp: {" + broken + "}}}",
        "{output: {otlp: {" + kept + "}}}");
  }

  private static Case auth(
      ResourceKind kind, String message, String path, String broken, String kept) {
    String format = "endpoint: {value: x}, authentication: {%s}";
    return otlp(
        kind, message, ".authentication" + path, format.formatted(broken), format.formatted(kept));
  }
}
