/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.camel.spi.TypeConverterLoader;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * Tells Camel what an {@link OtlpBody} is as bytes, stream and text. Found through {@code
 * META-INF/services/org/apache/camel/TypeConverterLoader}.
 */
public final class OtlpTypeConverters implements TypeConverterLoader {

  @Override
  public void load(TypeConverterRegistry registry) {
    add(registry, byte[].class, OtlpBody::toByteArray);
    add(registry, ByteBuffer.class, body -> ByteBuffer.wrap(body.toByteArray()));
    add(registry, InputStream.class, body -> new ByteArrayInputStream(body.toByteArray()));
    add(registry, String.class, OtlpBody::toJson);
  }

  private static <T> void add(
      TypeConverterRegistry registry, Class<T> type, Conversion<T> conversion) {
    registry.addTypeConverter(
        type,
        OtlpBody.class,
        new SimpleTypeConverter(
            false, (wanted, exchange, value) -> conversion.apply((OtlpBody) value)));
  }

  private interface Conversion<T> {
    T apply(OtlpBody body) throws MalformedOtlpException, DeliveryException;
  }
}
