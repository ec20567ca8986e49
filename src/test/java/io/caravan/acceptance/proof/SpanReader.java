/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the ids of the spans of a request, and when its first span was made, past everything else:
 * a backend that built an object a span would be the slowest part of a run.
 */
final class SpanReader {
  private static final int[] WAY = {1, 2, 2}; // resource_spans, scope_spans, spans
  private static final int TRACE_ID = tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int SPAN_ID = tag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int START = tag(7, WireFormat.WIRETYPE_FIXED64);

  private long[] ids = new long[128];
  private int size;
  private long started;

  /**
   * A request's spans.
   *
   * @param ids in their order, see {@link SpanId}
   * @param started when the oldest was made, in nanoseconds since 1970
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Spans(long[] ids, long started) {}

  private SpanReader() {}

  /** Reads a request of {@link NumberedSpans}, however it was put together since. */
  static Spans read(byte[] request) {
    SpanReader reader = new SpanReader();
    try {
      reader.descend(CodedInputStream.newInstance(request), 0);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a request of numbered spans", e);
    }
    return new Spans(Arrays.copyOf(reader.ids, reader.size), reader.started);
  }

  private void descend(CodedInputStream in, int depth) throws IOException {
    if (depth == WAY.length) {
      span(in);
      return;
    }
    int wanted = tag(WAY[depth], WireFormat.WIRETYPE_LENGTH_DELIMITED);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == wanted) {
        int limit = in.pushLimit(in.readRawVarint32());
        descend(in, depth + 1);
        in.popLimit(limit);
      } else {
        in.skipField(tag);
      }
    }
  }

  private void span(CodedInputStream in) throws IOException {
    long sender = 0;
    long number = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == TRACE_ID) {
        sender = ByteBuffer.wrap(in.readByteArray()).getLong(8) - 1;
      } else if (tag == SPAN_ID) {
        number = ByteBuffer.wrap(in.readByteArray()).getLong() - 1;
      } else if (tag == START) {
        long start = in.readFixed64();
        started = started == 0 ? start : Math.min(started, start);
      } else {
        in.skipField(tag);
      }
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = SpanId.of((int) sender, number);
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }
}
