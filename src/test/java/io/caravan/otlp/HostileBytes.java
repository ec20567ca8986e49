/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Requests that no exporter writes and protobuf allows, and some that it does not. */
public final class HostileBytes {
  public enum Verdict {
    /** Protobuf allows it: it means to us what it means to protobuf. */
    SAME,
    /** Broken where nobody looks before a backend does: goes there as it came. */
    PASSED_ON,
    /** Broken: INVALID_ARGUMENT, 400. */
    REFUSED,
    /** Tags and lengths beyond 32 bits, which protobuf-java cuts: C++, Go and we refuse them. */
    REFUSED_BUT_BY_JAVA
  }

  /** A request with what is to become of it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Case(String name, Signal signal, byte[] bytes, Verdict verdict) {
    @Override
    public String toString() {
      return signal.lowerName() + ": " + name;
    }
  }

  public static final String NAMESPACE = "k8s.namespace.name";

  private static final long MINUS_ONE = -1;
  private static final byte[] INVALID_UTF8 = {'a', (byte) 0xc3, 'b', (byte) 0xff};

  private final List<Case> cases = new ArrayList<>();

  private HostileBytes() {
    varints();
    parts();
    oneofs();
    packed();
    unknown();
    unusual();
    broken();
  }

  public static List<Case> all() {
    return new HostileBytes().cases;
  }

  public static List<Case> which(Predicate<Verdict> verdicts) {
    return all().stream().filter(c -> verdicts.test(c.verdict())).toList();
  }

  private static WireBytes bytes() {
    return new WireBytes();
  }

  private static Resource resource(String namespace) {
    return Resource.newBuilder()
        .addAttributes(text(NAMESPACE, namespace))
        .addAttributes(text("service.name", "orders"))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static WireBytes span() {
    return bytes()
        .field(1, new byte[16])
        .field(2, new byte[8])
        .field(5, "GET /orders")
        .field(9, text("http.request.method", "GET"));
  }

  private static WireBytes entry(Resource resource, WireBytes... spans) {
    WireBytes scope = bytes().field(1, bytes().field(1, "scope").field(2, "1.0"));
    for (WireBytes span : spans) {
      scope.field(2, span);
    }
    return bytes().field(1, resource).field(2, scope);
  }

  private static WireBytes request(WireBytes... entries) {
    WireBytes request = bytes();
    for (WireBytes entry : entries) {
      request.field(1, entry);
    }
    return request;
  }

  /** One entry with a span whose attribute has that value. */
  private static WireBytes withValue(WireBytes anyValue) {
    return request(
        entry(resource("shop"), span().field(9, bytes().field(1, "attribute").field(2, anyValue))));
  }

  /** One entry whose resource has that attribute, of the key {@link #NAMESPACE}. */
  private static WireBytes withNamespace(WireBytes... values) {
    WireBytes attribute = bytes().field(1, NAMESPACE);
    for (WireBytes value : values) {
      attribute.field(2, value);
    }
    WireBytes resource = bytes().field(1, text("a", "1")).field(1, attribute);
    return request(bytes().field(1, resource).field(2, bytes().field(2, span())));
  }

  private static WireBytes metric(WireBytes data) {
    WireBytes metric = bytes().field(1, "queue.length").raw(data.bytes());
    return request(
        bytes().field(1, resource("shop")).field(2, bytes().field(2, metric).field(2, metric)));
  }

  private static NumberDataPoint point(long value) {
    return NumberDataPoint.newBuilder().setTimeUnixNano(1).setAsInt(value).build();
  }

  private void traces(String name, WireBytes request, Verdict verdict) {
    cases.add(new Case(name, Signal.TRACES, request.bytes(), verdict));
  }

  private void same(String name, WireBytes request) {
    traces(name, request, Verdict.SAME);
  }

  private void refused(String name, WireBytes request) {
    traces(name, request, Verdict.REFUSED);
  }

  private void metrics(String name, WireBytes request) {
    cases.add(new Case(name, Signal.METRICS, request.bytes(), Verdict.SAME));
  }

  private void varints() {
    for (int n : new int[] {2, 5, 10}) {
      byte[] key = bytes().longField(1, NAMESPACE.getBytes(UTF_8), n, n).bytes();
      byte[] value = bytes().longField(1, "shop".getBytes(UTF_8), n, n).bytes();
      byte[] attribute = bytes().raw(key).longField(2, value, n, n).bytes();
      byte[] resource = bytes().longField(1, attribute, n, n).bytes();
      byte[] scope =
          bytes().longField(2, span().bytes(), n, n).longField(2, new byte[0], n, n).bytes();
      byte[] entry = bytes().longField(1, resource, n, n).longField(2, scope, n, n).bytes();
      same("tags and lengths of " + n + " bytes", bytes().longField(1, entry, n, n));
    }
    same(
        "numbers of ten bytes, cut to their types",
        request(
            entry(
                resource("shop"),
                span()
                    .varintField(6, MINUS_ONE)
                    .varintField(10, MINUS_ONE)
                    .varintField(12, 1L << 40 | 3)
                    .field(9, bytes().field(1, "b").field(2, bytes().varintField(2, 300)))
                    .field(9, bytes().field(1, "i").field(2, bytes().varintField(3, MINUS_ONE))))));
  }

  private void parts() {
    WireBytes scope = bytes().field(2, span());
    same(
        "a resource in parts, with records between",
        request(
            bytes()
                .field(1, resource("first"))
                .field(2, scope)
                .field(1, bytes().field(1, text(NAMESPACE, "last")))
                .field(2, scope)));
    same(
        "a resource in parts, some of them empty or with unknown fields",
        request(
            bytes()
                .field(1, bytes())
                .field(1, resource("first"))
                .field(1, bytes())
                .field(2, scope)
                .field(1, WireBytes.unknownFields().varintField(2, 5))
                .field(1, bytes().field(1, text("k8s.pod.name", "orders-1")))
                .field(1, bytes())));
    same(
        "a scope in parts",
        request(
            bytes()
                .field(1, resource("shop"))
                .field(
                    2,
                    bytes()
                        .field(1, bytes().field(1, "first").field(3, text("a", "1")))
                        .field(2, span())
                        .field(1, bytes().field(2, "2.0").field(3, text("b", "2")))
                        .field(2, span()))));
    same(
        "a status in parts",
        request(
            entry(
                resource("shop"),
                span()
                    .field(15, bytes().field(2, "broken"))
                    .field(15, bytes().varintField(3, 2)))));
    same(
        "singular fields that are repeated",
        request(
            entry(resource("shop"), span().field(5, "other").varintField(6, 1).varintField(6, 2))));
  }

  private void oneofs() {
    byte[] gauge =
        Gauge.newBuilder().addDataPoints(point(1)).addDataPoints(point(2)).build().toByteArray();
    byte[] sum =
        Sum.newBuilder().addDataPoints(point(3)).setIsMonotonic(true).build().toByteArray();
    metrics("a member of Metric.data twice", metric(bytes().field(5, gauge).field(5, gauge)));
    metrics(
        "another member of Metric.data after the first",
        metric(bytes().field(5, gauge).field(7, sum)));
    metrics(
        "the first member of Metric.data again after another",
        metric(bytes().field(5, gauge).field(7, sum).field(5, gauge)));
    metrics(
        "a member of Metric.data in another wire type between",
        metric(bytes().field(5, gauge).varintField(7, 1).field(5, gauge)));
    metrics(
        "a value of a point that is repeated",
        metric(
            bytes()
                .field(
                    5,
                    bytes()
                        .field(
                            1,
                            bytes()
                                .fixed64Field(4, Double.doubleToLongBits(1.5))
                                .fixed64Field(6, 7))
                        .field(
                            1,
                            bytes()
                                .fixed64Field(6, 7)
                                .fixed64Field(4, Double.doubleToLongBits(2))))));
    WireBytes string = bytes().field(1, "shop");
    WireBytes number = bytes().varintField(3, 7);
    same("a value that was a string becomes a number", withNamespace(string, number));
    same("a value that was a number becomes a string", withNamespace(number, string));
    same("a string that is given twice", withNamespace(string, bytes().field(1, "other")));
    same("both within one value", withNamespace(bytes().varintField(2, 1).field(1, "shop")));
    same("a string and then an array", withNamespace(bytes().field(1, "shop").field(5, bytes())));
    same("an empty part after a string", withNamespace(string, bytes()));
    same(
        "a member of a value in another wire type after a string",
        withNamespace(bytes().field(1, "shop").fixed64Field(2, 1).fixed32Field(5, 1)));
    same(
        "a string in another wire type", withNamespace(bytes().field(1, "shop").varintField(1, 3)));
    WireBytes list = bytes().field(6, KeyValueList.newBuilder().addValues(text("a", "1")).build());
    same("the parts of a kvlist", withValue(bytes().raw(list.bytes()).raw(list.bytes())));
    same(
        "the parts of a kvlist with a string between",
        withValue(bytes().raw(list.bytes()).field(1, "text").raw(list.bytes())));
  }

  private void packed() {
    WireBytes one = bytes().fixed64Field(6, 1);
    WireBytes two = bytes().field(6, bytes().fixed64(2).fixed64(3));
    WireBytes none = bytes().field(6, bytes());
    WireBytes bound = bytes().fixed64Field(7, Double.doubleToLongBits(0.5));
    WireBytes bounds =
        bytes()
            .field(
                7, bytes().fixed64(Double.doubleToLongBits(1)).fixed64(Double.doubleToLongBits(2)));
    metrics("buckets of a histogram in pieces", histogram(two, bounds, two, bounds));
    metrics("buckets of a histogram unpacked", histogram(one, bound, one, bound, one));
    metrics(
        "buckets of a histogram both packed and not",
        histogram(one, two, none, bound, one, bounds, two));
    WireBytes exponential =
        bytes()
            .varintField(2, 5)
            .field(2, bytes().varint(1, 10).varint(300, 3).varint(MINUS_ONE, 1))
            .varintField(1, 3)
            .field(2, bytes())
            .varintField(2, 6);
    metrics(
        "buckets of an exponential histogram both packed and not",
        metric(
            bytes()
                .field(
                    10,
                    bytes()
                        .field(
                            1,
                            bytes()
                                .field(8, exponential)
                                .field(9, exponential)
                                .field(8, exponential)))));
  }

  private static WireBytes histogram(WireBytes... fields) {
    byte[] point = bytes().fixed64Field(4, 6).raw(WireBytes.of(fields)).bytes();
    return metric(bytes().field(9, bytes().field(1, point).varintField(2, 2)));
  }

  private void unknown() {
    WireBytes unknown = WireBytes.unknownFields();
    byte[] u = unknown.bytes();
    WireBytes value = bytes().raw(u).field(1, "shop").raw(u);
    WireBytes attribute = bytes().raw(u).field(1, NAMESPACE).raw(u).field(2, value).raw(u);
    WireBytes resource = bytes().raw(u).field(1, attribute).raw(u);
    WireBytes span = bytes().raw(u).raw(span().bytes()).raw(u).field(11, bytes().raw(u)).raw(u);
    WireBytes scope = bytes().raw(u).field(1, unknown).raw(u).field(2, span).raw(u);
    WireBytes entry = bytes().raw(u).field(1, resource).raw(u).field(2, scope).raw(u);
    same(
        "g18 unknown fields of every wire type at every level",
        bytes().raw(u).field(1, entry).raw(u));
    byte[] point = bytes().raw(u).fixed64Field(6, 3).raw(u).bytes();
    metrics(
        "g18 unknown fields in metrics",
        metric(bytes().raw(u).field(5, bytes().raw(u).field(1, point).raw(u)).raw(u)));
    same("g18 field 9999 in a span", request(entry(resource("shop"), span().varintField(9999, 1))));
    same(
        "groups within groups",
        bytes()
            .raw(WireBytes.nestedGroups(77, 90).bytes())
            .raw(request(entry(resource("shop"), span())).bytes()));
    same(
        "fields in another wire type than theirs",
        bytes()
            .varintField(1, 5)
            .field(
                1,
                bytes()
                    .varintField(1, 5)
                    .field(1, bytes().varintField(1, 4).field(1, text(NAMESPACE, "shop")))
                    .fixed32Field(2, 5)
                    .field(
                        2,
                        bytes()
                            .fixed64Field(2, 5)
                            .varintField(1, 5)
                            .field(2, span().varintField(5, 1)))));
    same(
        "groups with the numbers of fields that we read",
        bytes()
            .group(1, bytes().varintField(1, 1))
            .field(
                1,
                bytes()
                    .group(1, bytes().field(1, text(NAMESPACE, "no")))
                    .field(1, resource("shop"))
                    .group(2, bytes().field(2, span()))
                    .field(2, bytes().group(2, span()).field(2, span()))));
  }

  private void unusual() {
    same("g04 an empty request", bytes());
    same("g04 empty resources", request(bytes(), bytes(), entry(resource("shop"))));
    same(
        "g04 empty scopes and records",
        request(bytes().field(2, bytes()).field(2, bytes().field(2, bytes()))));
    WireBytes reversed =
        bytes()
            .field(9, bytes().field(2, bytes().field(1, "GET")).field(1, "method"))
            .field(5, "GET /orders")
            .field(2, new byte[8])
            .field(1, new byte[16]);
    same(
        "fields out of order",
        request(
            bytes()
                .field(3, "schema")
                .field(
                    2,
                    bytes()
                        .field(3, "schema")
                        .field(2, reversed)
                        .field(1, bytes().field(1, "scope")))
                .field(
                    1,
                    bytes()
                        .varintField(2, 1)
                        .field(
                            1, bytes().field(2, bytes().field(1, "shop")).field(1, NAMESPACE)))));
    same(
        "keys that occur twice",
        request(
            bytes()
                .field(
                    1,
                    bytes()
                        .raw(resource("first").toByteArray())
                        .raw(resource("last").toByteArray()))
                .field(2, bytes().field(2, span().field(9, text("http.request.method", "PUT"))))));
    same(
        "attributes without key, without value, with neither",
        request(
            bytes()
                .field(
                    1,
                    bytes()
                        .field(1, bytes().field(2, bytes().field(1, "shop")))
                        .field(1, bytes().field(1, NAMESPACE))
                        .field(1, bytes().field(1, "").field(2, bytes()))
                        .field(1, bytes()))
                .field(2, bytes().field(2, span().field(9, bytes())))));
    same("values within values, 30 levels", withValue(nested(30)));
    // Below, protobuf-java gives up at 100 messages, and Go at 10,000.
    traces("values within values, 70 levels", withValue(nested(70)), Verdict.PASSED_ON);
    traces(
        "a resource with a value that is not UTF-8",
        withNamespace(bytes().field(1, INVALID_UTF8)),
        Verdict.PASSED_ON);
    traces(
        "a resource with a key that is not UTF-8",
        request(
            bytes()
                .field(
                    1,
                    bytes()
                        .field(1, bytes().field(1, INVALID_UTF8).field(2, bytes().field(1, "x"))))
                .field(2, bytes().field(2, span()))),
        Verdict.PASSED_ON);
    traces(
        "a span with a name that is not UTF-8",
        request(entry(resource("shop"), span().field(5, INVALID_UTF8))),
        Verdict.PASSED_ON);
    traces(
        "a span that is broken within",
        request(entry(resource("shop"), span().raw((byte) 0x0f))),
        Verdict.PASSED_ON);
  }

  private static WireBytes nested(int levels) {
    WireBytes value = bytes().field(1, "innermost");
    for (int i = 0; i < levels; i++) {
      value = bytes().field(6, bytes().field(1, bytes().field(1, "k").field(2, value)));
    }
    return value;
  }

  private void broken() {
    atEveryLevel("field number 0", bytes().raw(new byte[] {0, 0}));
    atEveryLevel("wire type 6", bytes().raw((byte) 0x0e));
    atEveryLevel("wire type 7", bytes().raw((byte) 0x7f));
    atEveryLevel("a length beyond the end", bytes().tag(77, 2).varint(1000, 1).raw((byte) 1));
    atEveryLevel("a length of -1", bytes().tag(77, 2).varint(MINUS_ONE, 1).raw((byte) 1));
    atEveryLevel("a length of 2 GiB", bytes().tag(77, 2).varint(1L << 31, 1).raw((byte) 1));
    atEveryLevel("a varint without end", bytes().tag(77, 0).raw((byte) 0x80));
    atEveryLevel(
        "a varint of 11 bytes",
        bytes().tag(77, 0).raw(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}));
    atEveryLevel("a group without end", bytes().tag(77, 3).varintField(1, 1));
    atEveryLevel("a group that another ends", bytes().tag(77, 3).tag(78, 4));
    atEveryLevel("the end of a group", bytes().tag(77, 4));
    atEveryLevel("groups 120 levels deep", WireBytes.nestedGroups(77, 120));
    atEveryLevel("half a fixed number", bytes().tag(77, 1).raw((byte) 1));
    WireBytes whole = request(entry(resource("shop"), span()));
    traces(
        "a tag of 33 bits",
        bytes().varint(1L << 32 | 8, 1).raw((byte) 1).raw(whole.bytes()),
        Verdict.REFUSED_BUT_BY_JAVA);
    traces(
        "a length of 33 bits",
        bytes().tag(9, 2).varint(1L << 32 | 1, 1).raw((byte) 1).raw(whole.bytes()),
        Verdict.REFUSED_BUT_BY_JAVA);
  }

  /** Broken bytes behind what is whole, at each level that is indexed. */
  private void atEveryLevel(String name, WireBytes broken) {
    byte[] b = broken.bytes();
    WireBytes value = bytes().field(1, "shop");
    refused("h12 " + name + " in the request", request(entry(resource("shop"), span())).raw(b));
    refused("h12 " + name + " in an entry", request(entry(resource("shop"), span()).raw(b)));
    refused(
        "h12 " + name + " in a resource",
        request(bytes().field(1, bytes().field(1, text("a", "1")).raw(b)).field(2, bytes())));
    refused(
        "h12 " + name + " in an attribute of a resource",
        request(
            bytes()
                .field(1, bytes().field(1, bytes().field(1, NAMESPACE).field(2, value).raw(b)))));
    refused(
        "h12 " + name + " in a value of a resource", withNamespace(bytes().field(1, "x").raw(b)));
    refused(
        "h12 " + name + " in a scope",
        request(bytes().field(1, resource("shop")).field(2, bytes().field(2, span()).raw(b))));
    byte[] gauge = Gauge.newBuilder().addDataPoints(point(1)).build().toByteArray();
    for (WireBytes data :
        List.of(bytes().field(5, gauge).raw(b), bytes().field(5, bytes().raw(gauge).raw(b)))) {
      cases.add(
          new Case(
              "h12 " + name + " in a metric",
              Signal.METRICS,
              metric(data).bytes(),
              Verdict.REFUSED));
    }
  }

  /** A request of ordinary spans, for cuts at each of its bytes. */
  public static byte[] small() {
    return request(
            entry(
                resource("shop"),
                span(),
                bytes().raw(Span.newBuilder().setName("x").build().toByteArray())))
        .bytes();
  }
}
