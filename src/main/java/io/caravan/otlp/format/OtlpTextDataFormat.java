/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.json.OtlpJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * {@code otlp-text}: a line for each span, log record or data point that a person can read. Made
 * for a console; it goes through the JSON of each record, and no program should parse it.
 */
public final class OtlpTextDataFormat extends OtlpDataFormat {
  private static final ObjectReader READER = new ObjectMapper(OtlpJson.OWN).reader();

  public OtlpTextDataFormat() {
    super("otlp-text");
  }

  @Override
  void write(OtlpBatch batch, OutputStream out) throws IOException, MalformedOtlpException {
    try (EachLine lines =
        new EachLine(
            json -> {
              String text = RecordText.of(batch.signal(), READER.readTree(json));
              out.write(text.getBytes(StandardCharsets.UTF_8));
              out.write('\n');
            })) {
      OtlpJson.writeLines(batch, lines);
    }
  }
}
