/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import io.caravan.otlp.DeliveryException;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.support.service.ServiceSupport;

/** What the data formats have in common: they write a batch as text, in UTF-8. */
abstract class OtlpDataFormat extends ServiceSupport implements DataFormat, DataFormatName {
  private final String name;

  OtlpDataFormat(String name) {
    this.name = name;
  }

  abstract void write(OtlpBatch batch, OutputStream out) throws IOException, MalformedOtlpException;

  @Override
  public String getDataFormatName() {
    return name;
  }

  @Override
  public void marshal(Exchange exchange, Object graph, OutputStream stream)
      throws IOException, MalformedOtlpException, DeliveryException {
    if (!(graph instanceof OtlpBody body)) {
      throw new IllegalArgumentException(
          "data format "
              + name
              + ": expected the OTLP body that otlp: and signal: give, found "
              + graph.getClass().getName()
              + "; marshal before the body is set or converted");
    }
    OtlpBatch batch = body.retainToConvert(OtlpBody.AS_TEXT);
    try (AccountedOutput out = new AccountedOutput(stream, body, batch.size())) {
      write(batch, out);
    } catch (AccountedOutput.NoHeapException e) {
      throw e.refusal();
    } finally {
      batch.release();
    }
  }

  @Override
  public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
    throw new UnsupportedOperationException(
        "data format " + name + " only writes; otlp-json reads one OTLP/JSON document");
  }
}
