/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.Authentication;
import io.caravan.api.Authentication.Basic;
import io.caravan.api.Authentication.Oauth2;
import io.caravan.api.CustomOutput;
import io.caravan.api.Header;
import io.caravan.api.HttpOutput;
import io.caravan.api.KameletOutput;
import io.caravan.api.OtlpOutput;
import io.caravan.api.Output;
import io.caravan.api.Tls;
import java.util.Optional;

/** Reads {@code spec.output}. */
final class Outputs {

  private Outputs() {}

  static Output output(JsonNode node) {
    if (node.has("otlp")) {
      return otlp(node.path("otlp"));
    }
    if (node.has("kamelet")) {
      JsonNode kamelet = node.path("kamelet");
      return new KameletOutput(
          kamelet.path("name").asText(), Fields.map(kamelet, "properties", ValueTypes::property));
    }
    if (node.has("http")) {
      return http(node.path("http"));
    }
    return new CustomOutput(node.path("custom").asText());
  }

  private static OtlpOutput otlp(JsonNode node) {
    return new OtlpOutput(
        Fields.constant(node, "protocol", OtlpOutput.Protocol.class)
            .orElse(OtlpOutput.Protocol.GRPC),
        ValueTypes.required(node.path("endpoint")),
        Fields.text(node, "path"),
        Fields.constant(node, "compression", OtlpOutput.Compression.class),
        authentication(node.path("authentication")),
        Fields.list(node, "headers", Outputs::header),
        tls(node.path("tls")),
        Fields.constant(node, "temporality", OtlpOutput.Temporality.class));
  }

  private static HttpOutput http(JsonNode node) {
    return new HttpOutput(
        ValueTypes.required(node.path("host")),
        Fields.text(node, "port"),
        Fields.text(node, "uri"),
        ValueTypes.optional(node.path("user")),
        ValueTypes.optional(node.path("password")),
        Fields.text(node, "compress"),
        Fields.text(node, "format"),
        Fields.flag(node, "dedot"),
        tls(node.path("tls")));
  }

  private static Optional<Authentication> authentication(JsonNode node) {
    if (node.has("basic")) {
      JsonNode basic = node.path("basic");
      return Optional.of(
          new Basic(
              ValueTypes.required(basic.path("user")),
              ValueTypes.required(basic.path("password"))));
    }
    if (node.has("oauth2")) {
      JsonNode oauth2 = node.path("oauth2");
      return Optional.of(
          new Oauth2(
              ValueTypes.required(oauth2.path("tokenURL")),
              ValueTypes.required(oauth2.path("clientID")),
              ValueTypes.required(oauth2.path("clientSecret")),
              Fields.texts(oauth2, "scopes"),
              Fields.map(oauth2, "params", JsonNode::asText)));
    }
    return Optional.empty();
  }

  private static Header header(JsonNode node) {
    return new Header(
        node.path("name").asText(), ValueTypes.required(node), Fields.text(node, "prefix"));
  }

  private static Tls tls(JsonNode node) {
    return new Tls(
        Fields.flag(node, "insecure"),
        Fields.flag(node, "insecureSkipVerify"),
        ValueTypes.optional(node.path("ca")),
        ValueTypes.optional(node.path("cert")),
        ValueTypes.optional(node.path("key")));
  }
}
