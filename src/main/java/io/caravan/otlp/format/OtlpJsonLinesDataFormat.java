/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.json.OtlpJson;
import java.io.IOException;
import java.io.OutputStream;

/**
 * {@code otlp-json-lines}: a line for each span, log record or data point, as OTLP/JSON has it,
 * with its {@code resource} and {@code scope} as members more.
 */
public final class OtlpJsonLinesDataFormat extends OtlpDataFormat {

  public OtlpJsonLinesDataFormat() {
    super("otlp-json-lines");
  }

  @Override
  void write(OtlpBatch batch, OutputStream out) throws IOException, MalformedOtlpException {
    OtlpJson.writeLines(batch, out);
  }
}
