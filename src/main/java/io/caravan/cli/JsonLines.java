/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Writes a log event as one line of JSON: {@code time} (RFC 3339, UTC), {@code level}, {@code
 * logger}, {@code message}, the event's key-values under their own names in {@code attributes}, and
 * {@code exception} with the stack trace.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NONE = {};
  private final JsonFactory json = new JsonFactory();

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator out = json.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("time", event.getInstant().toString());
      out.writeStringField("level", event.getLevel().toString());
      out.writeStringField("logger", event.getLoggerName());
      out.writeStringField("message", event.getFormattedMessage());
      writeAttributes(out, event.getKeyValuePairs());
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        out.writeStringField("exception", ThrowableProxyUtil.asString(thrown));
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array in memory does not fail
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static void writeAttributes(JsonGenerator out, List<KeyValuePair> pairs)
      throws IOException {
    if (pairs == null || pairs.isEmpty()) {
      return;
    }
    out.writeObjectFieldStart("attributes");
    for (KeyValuePair pair : pairs) {
      switch (pair.value) {
        case null -> out.writeNullField(pair.key);
        case Integer number -> out.writeNumberField(pair.key, number);
        case Long number -> out.writeNumberField(pair.key, number);
        case Boolean flag -> out.writeBooleanField(pair.key, flag);
        case Object other -> out.writeStringField(pair.key, other.toString());
      }
    }
    out.writeEndObject();
  }

  @Override
  public byte[] headerBytes() {
    return NONE;
  }

  @Override
  public byte[] footerBytes() {
    return NONE;
  }
}
