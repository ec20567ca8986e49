/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;
import io.caravan.otlp.wire.WireType;

/**
 * Builds the index of a request in one pass that touches the tags and lengths down to the records
 * and nothing of a record itself.
 *
 * <p>The resources' attributes are checked, so that reading one later cannot fail; what is inside a
 * record stays unread. Field numbers are those of opentelemetry-proto 1.11.0, which the three
 * signals share: {@code resource_*} 1 of the request; {@code resource} 1 and {@code scope_*} 2 of
 * an entry; records 2 of a scope.
 */
final class BatchIndexer {
  static final int ENTRY = WireType.tag(1, WireType.LENGTH);
  static final int RESOURCE = WireType.tag(1, WireType.LENGTH);
  private static final int SCOPE_RECORDS = WireType.tag(2, WireType.LENGTH);
  static final int RECORD = WireType.tag(2, WireType.LENGTH);

  private final WireReader reader;
  private final boolean metrics;
  private final ResourceAttributes attributes;
  private final BatchIndex index = new BatchIndex();

  private BatchIndexer(Signal signal, WireReader reader) {
    this.metrics = signal == Signal.METRICS;
    this.reader = reader;
    this.attributes = new CheckedAttributes(reader);
  }

  static BatchIndex index(Signal signal, WireReader reader) throws MalformedOtlpException {
    BatchIndexer indexer = new BatchIndexer(signal, reader);
    indexer.request();
    return indexer.index;
  }

  private void request() throws MalformedOtlpException {
    while (reader.hasMore()) {
      int start = reader.position();
      int tag = reader.tag();
      if (tag == ENTRY) {
        if (index.size() == BatchIndex.MAX_RESOURCES) {
          throw WireReader.malformed(
              "a request holds more than " + BatchIndex.MAX_RESOURCES + " resources", start);
        }
        entry(start);
      } else {
        reader.skipField(tag);
      }
    }
  }

  private void entry(int start) throws MalformedOtlpException {
    int outer = reader.enter(reader.length());
    int body = reader.position();
    int resourceStart = 0;
    int resource = BatchIndex.NO_RESOURCE;
    int resourceEnd = 0;
    int records = 0;
    while (reader.hasMore()) {
      int at = reader.position();
      int tag = reader.tag();
      if (tag == SCOPE_RECORDS) {
        records += scope();
      } else if (tag == RESOURCE) {
        int entry = reader.enter(reader.length());
        resourceStart = at;
        resource =
            resource == BatchIndex.NO_RESOURCE ? reader.position() : BatchIndex.SEVERAL_RESOURCES;
        attributes.read();
        resourceEnd = reader.position();
        reader.leave(entry);
      } else {
        reader.skipField(tag);
      }
    }
    index.add(start, body, reader.position(), resourceStart, resource, resourceEnd, records);
    reader.leave(outer);
  }

  /** Attributes that are read to see that they can be. */
  private static final class CheckedAttributes extends ResourceAttributes {
    CheckedAttributes(WireReader reader) {
      super(reader);
    }

    @Override
    void attribute(int keyStart, int keyLength, int valueStart, int valueLength) {}
  }

  private int scope() throws MalformedOtlpException {
    int outer = reader.enter(reader.length());
    int records = 0;
    while (true) {
      if (!metrics) {
        records += reader.skipRun(RECORD);
      }
      if (!reader.hasMore()) {
        break;
      }
      int tag = reader.tag();
      if (tag != RECORD) {
        reader.skipField(tag);
      } else if (metrics) {
        records += DataPoints.count(reader);
      } else {
        records++;
        reader.skip(reader.length());
      }
    }
    reader.leave(outer);
    return records;
  }
}
