/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Collector;
import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.RelayingCollector;
import io.caravan.acceptance.fixture.RelayingCollector.Way;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every compression that the Collector and Caravan both know, from one to the other. */
class CompressionDeliveryTest {
  private static final List<String> OVER_GRPC = List.of("gzip", "zstd", "snappy");
  private static final List<String> OVER_HTTP =
      List.of("gzip", "zstd", "snappy", "x-snappy-framed", "lz4", "deflate", "zlib");

  private static final Inbox GRPC_ZSTD = Inbox.plain("grpc-zstd");
  private static final Inbox GRPC_SNAPPY = Inbox.plain("grpc-snappy");
  private static final Inbox HTTP_ZSTD = Inbox.plain("http-zstd");
  private static final Inbox HTTP_SNAPPY = Inbox.plain("http-snappy");

  @RegisterExtension
  @Order(1)
  static final Collector COLLECTOR = new Collector(GRPC_ZSTD, GRPC_SNAPPY, HTTP_ZSTD, HTTP_SNAPPY);

  @RegisterExtension
  @Order(2)
  static final CaravanProcess CARAVAN = new CaravanProcess();

  @BeforeAll
  static void run() {
    deliver(GRPC_ZSTD, Manifests.otlp("grpc", "zstd", GRPC_ZSTD.grpc()));
    deliver(GRPC_SNAPPY, Manifests.otlp("grpc", "snappy", GRPC_SNAPPY.grpc()));
    deliver(HTTP_ZSTD, Manifests.otlp("http", "zstd", HTTP_ZSTD.http()));
    deliver(HTTP_SNAPPY, Manifests.otlp("http", "snappy", HTTP_SNAPPY.http()));
    CARAVAN.start();
  }

  private static void deliver(Inbox inbox, String output) {
    CARAVAN.write(
        inbox.name() + ".yaml", Manifests.pipeline("TracePipeline", inbox.name(), output));
  }

  @Test
  void shouldSendWhatACollectorDecompresses() {
    JavaSdk.emitSpans("out", 300, Exporters.GRPC.spans(CARAVAN.grpc(), "gzip"));

    for (Inbox inbox : List.of(GRPC_ZSTD, GRPC_SNAPPY, HTTP_ZSTD, HTTP_SNAPPY)) {
      assertThat(inbox.await("out", 300)).as(inbox.name()).hasSize(300);
    }
  }

  @Test
  void shouldTakeWhatACollectorCompresses() throws Exception {
    List<Way> ways =
        Stream.concat(
                OVER_GRPC.stream().map(c -> new Way("relay-grpc-" + c, "otlp", CARAVAN.grpc(), c)),
                OVER_HTTP.stream()
                    .map(c -> new Way("relay-http-" + c, "otlphttp", CARAVAN.http(), c)))
            .toList();

    try (RelayingCollector relay = RelayingCollector.start(ways)) {
      JavaSdk.emitSpans("in", 250, Exporters.GRPC.spans(relay.grpc(), "gzip"));

      for (Way way : ways) {
        assertThat(GRPC_ZSTD.await(way.name(), 250)).as(way.name()).hasSize(250);
      }
    }
  }
}
