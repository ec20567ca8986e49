/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.otlp.EncodedAttributes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Attributes as {@code OTEL_RESOURCE_ATTRIBUTES} has them: {@code key=value}, comma-separated, keys
 * and values percent-encoded where they need it. Of a key that is given twice the last one counts.
 */
record AttributeList(Map<String, String> attributes) {

  static final class Converter implements ITypeConverter<AttributeList> {
    @Override
    public AttributeList convert(String value) {
      Map<String, String> attributes = new TreeMap<>();
      for (String pair : value.split(",", -1)) {
        if (pair.isBlank()) {
          continue;
        }
        int equals = pair.indexOf('=');
        String key = equals < 0 ? "" : decode(pair.substring(0, equals), pair);
        if (key.isEmpty()) {
          throw new TypeConversionException(
              "'%s' is not key=value, such as k8s.cluster.name=prod".formatted(pair));
        }
        attributes.put(key, decode(pair.substring(equals + 1), pair));
      }
      if (attributes.size() > EncodedAttributes.MAX) {
        throw new TypeConversionException(
            "%d attributes are more than the %d that a resource can be given"
                .formatted(attributes.size(), EncodedAttributes.MAX));
      }
      return new AttributeList(attributes);
    }

    private static String decode(String text, String pair) {
      try {
        // A plus sign is one, unlike in the form encoding that this decoder is made for.
        return URLDecoder.decode(text.strip().replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'%s' has a percent sign without two hexadecimal digits; a percent sign itself is %%25"
                .formatted(pair));
      }
    }
  }
}
