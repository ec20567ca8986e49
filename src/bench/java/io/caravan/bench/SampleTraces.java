/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;

/** Makes encoded trace requests: spans of HTTP servers and of their databases, 400 bytes each. */
final class SampleTraces {

  private static final int SPANS_OF_A_TRACE = 5;
  private static final String[] METHODS = {"GET", "GET", "GET", "POST", "PUT", "DELETE"};
  private static final String[] ROUTES = {
    "/api/orders/{id}", "/api/orders/{id}/items", "/api/carts/{id}", "/api/products/{id}", "/login"
  };
  private static final String[] TABLES = {
    "orders", "order_items", "carts", "products", "customers"
  };
  private static final String[] AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
    "okhttp/5.0.0",
    "Apache-HttpClient/5.5 (Java/25)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
  };

  private final SampleValues values;
  private final SampleResources resources;
  private ByteString trace = ByteString.EMPTY;
  private ByteString parent = ByteString.EMPTY;
  private int spans;

  SampleTraces(SampleValues values) {
    this.values = values;
    this.resources = new SampleResources(values);
  }

  /** Returns the next request, an encoded {@code ExportTraceServiceRequest}. */
  byte[] next(int records) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (int i = 0; i < SampleResources.COUNT; i++) {
      int ofResource = SampleResources.recordsOf(records, i);
      int servers = ofResource / 2;
      ScopeSpans.Builder http = scope("io.opentelemetry.tomcat-10.0");
      for (int span = 0; span < servers; span++) {
        http.addSpans(server());
      }
      ScopeSpans.Builder jdbc = scope("io.opentelemetry.jdbc");
      for (int span = servers; span < ofResource; span++) {
        jdbc.addSpans(database());
      }
      request.addResourceSpans(
          ResourceSpans.newBuilder()
              .setResource(resources.next(i))
              .addScopeSpans(http)
              .addScopeSpans(jdbc)
              .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0"));
    }
    return request.build().toByteArray();
  }

  private static ScopeSpans.Builder scope(String name) {
    return ScopeSpans.newBuilder()
        .setScope(InstrumentationScope.newBuilder().setName(name).setVersion("2.33.1"));
  }

  private Span.Builder span() {
    if (spans++ % SPANS_OF_A_TRACE == 0) {
      trace = values.identifier(16);
      parent = values.identifier(8);
    }
    long start = values.time();
    return Span.newBuilder()
        .setTraceId(trace)
        .setSpanId(values.identifier(8))
        .setParentSpanId(parent)
        .setFlags(0x101)
        .setStartTimeUnixNano(start)
        .setEndTimeUnixNano(start + values.duration())
        .addAttributes(SampleValues.number("thread.id", values.below(400)));
  }

  private Span server() {
    String method = values.oneOf(METHODS);
    String route = values.oneOf(ROUTES);
    boolean failed = values.oneIn(50);
    Span.Builder span =
        span()
            .setName(method + " " + route)
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .addAttributes(SampleValues.text("http.request.method", method))
            .addAttributes(SampleValues.text("http.route", route))
            .addAttributes(SampleValues.text("url.path", route.replace("{id}", values.hex(12))))
            .addAttributes(SampleValues.text("url.scheme", "https"))
            .addAttributes(SampleValues.number("http.response.status_code", failed ? 503 : 200))
            .addAttributes(SampleValues.text("network.protocol.version", "1.1"))
            .addAttributes(SampleValues.text("client.address", values.address()))
            .addAttributes(SampleValues.text("user_agent.original", values.oneOf(AGENTS)));
    if (failed) {
      span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
    }
    return span.build();
  }

  private Span database() {
    String table = values.oneOf(TABLES);
    return span()
        .setName("SELECT shop." + table)
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .addAttributes(SampleValues.text("db.system.name", "postgresql"))
        .addAttributes(SampleValues.text("db.namespace", "shop"))
        .addAttributes(SampleValues.text("db.operation.name", "SELECT"))
        .addAttributes(SampleValues.text("db.collection.name", table))
        .addAttributes(
            SampleValues.text(
                "db.query.text",
                "SELECT id, state, total, currency, updated_at FROM "
                    + table
                    + " WHERE tenant = ? AND id = ? ORDER BY updated_at"))
        .addAttributes(SampleValues.text("server.address", "postgres-" + values.below(3) + ".db"))
        .addAttributes(SampleValues.number("server.port", 5432))
        .build();
  }
}
