/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that the streams of one HTTP/2 connection carry; what has arrived of a call whose
 * stream closes is dropped. Only on the connection's event loop.
 */
final class Http2Calls {
  private final Http2Connection connection;
  private final Http2Connection.PropertyKey callKey;

  /** Of a stream whose answer was given, though its end may still wait for the client's window. */
  private final Http2Connection.PropertyKey answeredKey;

  Http2Calls(Http2Connection connection) {
    this.connection = connection;
    this.callKey = connection.newKey();
    this.answeredKey = connection.newKey();
    connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamClosed(Http2Stream stream) {
            Http2Call call = stream.getProperty(callKey);
            if (call != null) {
              call.discard();
              call.deadline().gone();
            }
          }
        });
  }

  void opened(Http2Stream stream, Http2Call call) {
    stream.setProperty(callKey, call);
  }

  void answered(Http2Stream stream) {
    stream.setProperty(answeredKey, true);
  }

  boolean isAnswered(Http2Stream stream) {
    return stream.getProperty(answeredKey) != null || !stream.state().localSideOpen();
  }

  /** The call that a stream carries; null once it is answered. */
  @Nullable Http2Call of(@Nullable Http2Stream stream) {
    return stream == null || isAnswered(stream) ? null : stream.getProperty(callKey);
  }

  /** Those that have begun before that and are not whole yet. */
  List<Http2Call> incompleteSince(long nanos) throws Http2Exception {
    List<Http2Call> calls = new ArrayList<>();
    connection.forEachActiveStream(
        stream -> {
          Http2Call call = of(stream);
          if (call != null && stream.state().remoteSideOpen() && call.startedNanos() - nanos < 0) {
            calls.add(call);
          }
          return true;
        });
    return calls;
  }
}
