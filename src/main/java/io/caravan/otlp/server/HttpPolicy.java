/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.server.HttpAnswer.Field;
import io.caravan.otlp.server.HttpCall.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the head of a request over HTTP means beyond OTLP: who may send, and from which pages. */
record HttpPolicy(Reception reception) {

  /**
   * @param fields that every answer to the request carries
   * @param refusal why its sender may not send, which comes before anything else that may be wrong;
   *     null if it may
   * @param preflight the answer, where the request is a browser's question only
   */
  record Verdict(List<Field> fields, @Nullable Refusal refusal, @Nullable HttpAnswer preflight) {}

  Verdict judge(HttpRequest request) {
    List<Field> fields = reception.cors().fields(request);
    HttpAnswer preflight = reception.cors().preflight(request);
    OtlpStatus denied =
        preflight != null || request.decoderResult().isFailure()
            ? null // A preflight carries no credentials, and what cannot be read is a 400.
            : reception.access().refusal(request.headers().get(HttpHeaderNames.AUTHORIZATION));
    Refusal refusal =
        denied == null
            ? null
            : new Refusal(401, denied)
                .with(HttpHeaderNames.WWW_AUTHENTICATE, reception.access().challenge());
    return new Verdict(fields, refusal, preflight);
  }
}
