/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.Varints;
import io.caravan.otlp.wire.WireReader;
import io.netty.buffer.ByteBuf;

/**
 * Adds attributes to the resources of one request by a splice: the lengths of the resource and of
 * its entry are mended, and nothing else is touched. A resource that came in several parts, which
 * protobuf joins, leaves in one. Not thread-safe.
 */
final class Enricher {
  /** Two tags and two lengths. */
  private static final int HEADS = 12;

  private final ByteBuf bytes;
  private final BatchIndex index;
  private final WireReader reader;

  /** What each entry is to have, and a bit for each of these that it has not. */
  private final EncodedAttributes[] wanted;

  private final long[] absent;

  /** The most bytes that the request grows by. */
  private long added;

  private Enricher(ByteBuf bytes, BatchIndex index) {
    this.bytes = bytes;
    this.index = index;
    this.reader = new WireReader(bytes);
    this.wanted = new EncodedAttributes[index.size()];
    this.absent = new long[index.size()];
  }

  /**
   * As {@link OtlpBatch#enrich}.
   *
   * @throws OtlpStatusException if the result would be larger than {@code maxSize} bytes
   */
  static OtlpBatch enrich(OtlpBatch batch, ResourceEnrichment enrichment, int maxSize)
      throws OtlpStatusException, MalformedOtlpException {
    BatchIndex index = batch.index();
    Enricher enricher = new Enricher(batch.payload(), index);
    for (int i = 0; i < index.size(); i++) {
      enricher.plan(
          i, index.records(i) == 0 ? EncodedAttributes.NONE : enrichment.attributes(batch, i));
    }
    if (enricher.added == 0) {
      return batch.retain();
    }
    if (batch.size() + enricher.added > maxSize) {
      throw new OtlpStatusException(
          OtlpStatus.of(
              GrpcCode.RESOURCE_EXHAUSTED,
              "The request has so many resources that it would be larger than "
                  + maxSize
                  + " bytes with the attributes that each of them is given. Send smaller"
                  + " batches."));
    }
    BatchIndex enriched = new BatchIndex();
    return batch.derived(enricher.splice(enriched), enriched);
  }

  /** Decides what one entry gets. */
  private void plan(int entry, EncodedAttributes attributes) throws MalformedOtlpException {
    wanted[entry] = attributes;
    if (attributes.size() > 0) {
      AbsentKeys keys = new AbsentKeys(reader, attributes);
      ResourceParts.of(reader, index, entry).read(keys);
      absent[entry] = keys.absent();
    }
    if (absent[entry] != 0) {
      added += HEADS + attributes.length(absent[entry]);
    }
  }

  /**
   * The request with the attributes.
   *
   * @param result takes the index
   */
  private Splice splice(BatchIndex result) throws MalformedOtlpException {
    Splice splice = new Splice(bytes, (int) added);
    boolean complete = false;
    try {
      int from = 0;
      for (int i = 0; i < index.size(); i++) {
        splice.keep(from, index.start(i));
        if (absent[i] == 0) {
          result.addMoved(index, i, splice.size() - index.start(i));
          splice.keep(index.start(i), index.end(i));
        } else {
          enrich(i, splice, result);
        }
        from = index.end(i);
      }
      splice.keep(from, bytes.readableBytes());
      complete = true;
      return splice;
    } finally {
      if (!complete) {
        splice.discard();
      }
    }
  }

  private void enrich(int entry, Splice splice, BatchIndex result) throws MalformedOtlpException {
    ResourceParts parts = ResourceParts.of(reader, index, entry);
    int body = index.body(entry);
    int end = index.end(entry);
    int content = parts.contentLength() + wanted[entry].length(absent[entry]);
    int length = end - body - parts.length() + 1 + Varints.size(content) + content;

    int newStart = splice.size();
    splice.put(BatchIndexer.ENTRY, length);
    int newBody = splice.size();
    boolean present = parts.count() > 0;
    splice.keep(body, present ? parts.start(0) : body);
    int newResource = splice.size();
    splice.put(BatchIndexer.RESOURCE, content);
    int newContent = splice.size();
    for (int i = 0; i < parts.count(); i++) {
      splice.keep(parts.content(i), parts.end(i));
    }
    splice.put(wanted[entry], absent[entry]);
    int newContentEnd = splice.size();
    int from = present ? parts.end(0) : body;
    for (int i = 1; i < parts.count(); i++) {
      splice.keep(from, parts.start(i));
      from = parts.end(i);
    }
    splice.keep(from, end);
    result.add(
        newStart,
        newBody,
        splice.size(),
        newResource,
        newContent,
        newContentEnd,
        index.records(entry));
  }
}
