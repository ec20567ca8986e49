/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an integrator's route may do to the body of an exchange that owns a batch. */
class BatchOwnerTest {
  private static final byte[] BYTES =
      ExportTraceServiceRequest.newBuilder()
          .addResourceSpans(
              ResourceSpans.newBuilder()
                  .addScopeSpans(
                      ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("checkout"))))
          .build()
          .toByteArray();

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
  private final CountDownLatch ownerCompleted = new CountDownLatch(1);
  private final ByteBuf payload = Pieces.whole(BYTES);

  @BeforeEach
  void start() {
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
    assertThat(payload.refCnt()).as("references left on the buffer").isZero();
  }

  @Test
  void shouldConvertToBytesBufferAndStreamInAPlainCamelContext() throws Exception {
    run(
        (b, route) ->
            route.process(
                e -> {
                  seen.add(e.getMessage().getBody(byte[].class));
                  seen.add(e.getMessage().getMandatoryBody(ByteBuffer.class).array());
                  seen.add(e.getMessage().getMandatoryBody(InputStream.class).readAllBytes());
                  ByteArrayOutputStream out = new ByteArrayOutputStream();
                  e.getMessage().getBody(OtlpBody.class).writeTo(out);
                  seen.add(out.toByteArray());
                }));

    assertThat(seen).hasSize(4).allSatisfy(bytes -> assertThat((byte[]) bytes).isEqualTo(BYTES));
  }

  @Test
  void shouldReleaseTheBatchWhenTheRouteReplacedTheBody() throws Exception {
    run((b, route) -> route.setBody().constant("something else"));

    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void shouldReleaseTheBatchWhenTheRouteFails() throws Exception {
    Exchange exchange =
        run((b, route) -> route.throwException(new IllegalStateException("broken")));

    assertThat(exchange.getException()).hasMessage("broken");
    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void shouldReleaseTheBatchWhenTheRouteStopsTheExchange() throws Exception {
    run((b, route) -> route.stop());

    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void shouldReleaseTheBatchOfAnExchangeThatNoRouteTook() throws Exception {
    // given: an exchange that is turned away before it has a unit of work
    BatchOwner owner = BatchOwner.attach(new DefaultExchange(camel), batch());

    // when: the consumer's callback, which may come after a completion as well
    owner.release();
    owner.release();

    // then
    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void shouldLetASplitReadTheBatch() throws Exception {
    run((b, route) -> route.split(b.body()).parallelProcessing().process(this::see).end());

    assertSeen(1);
  }

  @Test
  void shouldGiveAWireTapItsOwnCopy() throws Exception {
    camel.addRoutes(late("direct:tap"));

    run((b, route) -> route.wireTap("direct:tap"));

    assertThat(payload.refCnt()).isZero();
    ownerCompleted.countDown();
    assertSeen(1);
  }

  @Test
  void shouldGiveSedaItsOwnCopyWhileTheRouteGoesOnReading() throws Exception {
    camel.addRoutes(late("seda:late"));
    camel.addRoutes(late("seda:later"));

    run((b, route) -> route.to("seda:late").to("seda:later").process(this::see));

    assertSeen(1);
    assertThat(payload.refCnt()).isZero();
    ownerCompleted.countDown();
    assertSeen(2);
  }

  @Test
  void shouldNotLeakWhatAFullSedaQueueDiscardsOrRefuses() throws Exception {
    run(
        (b, route) -> {
          route
              .to("seda:full?size=1")
              .to("seda:full?size=1&discardWhenFull=true")
              .to("seda:full?size=1");
        });

    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void shouldLetEveryBranchOfAParallelMulticastRead() throws Exception {
    camel.addRoutes(reader("direct:a"));
    camel.addRoutes(reader("direct:b"));

    run((b, route) -> route.multicast().parallelProcessing().to("direct:a", "direct:b").end());

    assertSeen(2);
  }

  @Test
  void shouldTellWhoeverKeptABodyWithoutCopyingItThatItsBytesAreGone() throws Exception {
    // given: an aggregation that completes after the exchange that owned the batch
    run(
        (b, route) ->
            route
                .aggregate(b.constant(true), AggregationStrategies.useLatest())
                .completionTimeout(50)
                .completionTimeoutCheckerInterval(20)
                .process(
                    e -> {
                      try {
                        see(e);
                      } catch (RuntimeException gone) {
                        seen.add(gone);
                      }
                    })
                .end());

    // then
    assertThat(payload.refCnt()).isZero();
    assertThat(seen.poll(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            RuntimeException.class,
            e ->
                assertThat(e)
                    .hasStackTraceContaining("OTLP traces, 1 records")
                    .hasStackTraceContaining("convert the body to byte[]"));
  }

  @Test
  void shouldReadWhatAResequencerKept() throws Exception {
    run((b, route) -> route.resequence(b.constant(1)).batch().timeout(50).process(this::see).end());

    assertThat(payload.refCnt()).isZero();
    assertSeen(1);
  }

  @Test
  void shouldRefuseToRetainABatchThatIsGone() throws Exception {
    OtlpBatch batch = batch();
    OtlpBody body = new OtlpBody(batch);
    batch.release();

    assertThatThrownBy(body::retain)
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(IllegalReferenceCountException.class);
    assertThat(body).hasToString("OTLP traces, 1 records, " + BYTES.length + " bytes");
  }

  private OtlpBatch batch() throws MalformedOtlpException {
    return OtlpBatch.of(Signal.TRACES, payload);
  }

  private void see(Exchange exchange) {
    seen.add(exchange.getMessage().getBody(byte[].class));
  }

  private void assertSeen(int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(BYTES);
    }
    assertThat(seen).isEmpty();
  }

  /** A route that reads the body. */
  private RouteBuilder reader(String from) {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from(from).process(BatchOwnerTest.this::see);
      }
    };
  }

  /** A route that reads the body only when the exchange that owned the batch has completed. */
  private RouteBuilder late(String from) {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from(from)
            .process(e -> assertThat(ownerCompleted.await(10, TimeUnit.SECONDS)).isTrue())
            .process(BatchOwnerTest.this::see);
      }
    };
  }

  /** Runs the batch through a route, and returns when its exchange has completed. */
  private Exchange run(Steps steps) throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            steps.define(this, from("direct:start"));
          }
        });
    try (ProducerTemplate template = camel.createProducerTemplate()) {
      return template.send(
          "direct:start", ExchangePattern.InOnly, exchange -> BatchOwner.attach(exchange, batch()));
    }
  }

  private interface Steps {
    void define(RouteBuilder builder, RouteDefinition route);
  }
}
