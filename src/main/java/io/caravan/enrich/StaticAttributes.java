/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.enrich;

import io.caravan.otlp.BatchOwner;
import io.caravan.otlp.EncodedAttributes;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpBody;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.ResourceEnrichment;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Gives every resource the same attributes, where it has none of that key: the step of a route
 * between receiving and the fan-out. Thread-safe.
 */
public final class StaticAttributes implements Processor {
  /** Under which name a route finds this step in the registry. */
  public static final String BEAN = "resourceAttributes";

  private final EncodedAttributes attributes;
  private final ResourceEnrichment enrichment;
  private final int maxSize;

  /**
   * A step that adds these attributes.
   *
   * @param maxSize the most bytes that a request may have with them
   * @throws IllegalArgumentException if they are more than {@link EncodedAttributes#MAX}
   */
  public StaticAttributes(Map<String, String> attributes, int maxSize) {
    this.attributes = EncodedAttributes.ofStrings(attributes);
    this.enrichment = (batch, resource) -> this.attributes;
    this.maxSize = maxSize;
  }

  /**
   * Adds them to the batch of the exchange; anything else that is its body stays as it is.
   *
   * @throws OtlpStatusException RESOURCE_EXHAUSTED, if the batch has so many resources that it
   *     would become too large
   */
  @Override
  public void process(Exchange exchange) throws OtlpStatusException {
    if (attributes.size() == 0 || !(exchange.getMessage().getBody() instanceof OtlpBody body)) {
      return;
    }
    OtlpBatch batch = body.retain();
    try {
      OtlpBatch enriched = batch.enrich(enrichment, maxSize);
      if (enriched == batch) {
        enriched.release();
      } else {
        BatchOwner.replace(exchange, body, enriched);
      }
    } finally {
      batch.release();
    }
  }
}
