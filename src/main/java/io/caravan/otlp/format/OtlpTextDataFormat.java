/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.json.OtlpJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * {@code otlp-text}: a line for each span, log record or data point that a person can read. Made
 * for a console; it goes through the JSON of each record, and no program should parse it.
 */
public final class OtlpTextDataFormat extends OtlpDataFormat {
  private static final ObjectReader READER = new ObjectMapper().readerFor(JsonNode.class);

  public OtlpTextDataFormat() {
    super("otlp-text");
  }

  @Override
  void write(OtlpBatch batch, OutputStream out) throws IOException, MalformedOtlpException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream(2 * batch.size());
    OtlpJson.writeLines(batch, lines);
    try (MappingIterator<JsonNode> records = READER.readValues(lines.toByteArray())) {
      while (records.hasNext()) {
        String line = RecordText.of(batch.signal(), records.next());
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
      }
    }
  }
}
