/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Collector;
import io.caravan.acceptance.fixture.Difference;
import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.TelemetryRecord;
import java.io.IOException;
import java.util.List;

/**
 * One Caravan that delivers every signal to four inboxes of one Collector: over gRPC and HTTP, with
 * gzip and without. A fifth inbox gets what a client sends past Caravan, to compare with.
 *
 * <p>The test classes of a run share it, each under a service name of its own: see {@link
 * DeliveryMatrixExtension}.
 */
final class DeliveryMatrix implements AutoCloseable {

  /** An inbox and how it is delivered to. */
  private record Output(Inbox inbox, String protocol, String compression) {
    static Output of(String protocol, String compression) {
      return new Output(Inbox.plain(protocol + "-" + compression), protocol, compression);
    }

    String manifests() {
      String endpoint = protocol.equals("grpc") ? inbox.grpc() : inbox.http();
      return Manifests.allKinds(inbox.name(), Manifests.otlp(protocol, compression, endpoint));
    }
  }

  private final List<Output> outputs =
      List.of(
          Output.of("grpc", "gzip"),
          Output.of("grpc", "none"),
          Output.of("http", "gzip"),
          Output.of("http", "none"));

  private final Inbox direct = Inbox.plain("direct");
  private final Collector collector =
      new Collector(
          direct,
          outputs.get(0).inbox,
          outputs.get(1).inbox,
          outputs.get(2).inbox,
          outputs.get(3).inbox);
  private final CaravanProcess caravan = new CaravanProcess();

  DeliveryMatrix start() throws IOException {
    collector.start();
    outputs.forEach(output -> caravan.write(output.inbox.name() + ".yaml", output.manifests()));
    caravan.start();
    return this;
  }

  CaravanProcess caravan() {
    return caravan;
  }

  /** Where a client sends what the inboxes behind Caravan are compared with. */
  Inbox direct() {
    return direct;
  }

  /** Asserts that each inbox behind Caravan got what the direct one got, record by record. */
  void assertDeliveredAsSentDirectly(String service, int records) {
    List<TelemetryRecord> sent = direct.await(service, records);
    assertThat(sent).as("what the client sent").hasSize(records);
    assertDelivered(service, sent);
  }

  /** Asserts that each inbox behind Caravan got these records, each once. */
  void assertDelivered(String service, List<TelemetryRecord> sent) {
    for (Output output : outputs) {
      assertThat(Difference.between(sent, output.inbox.await(service, sent.size())))
          .as(output.inbox.name())
          .isEqualTo(Difference.NONE);
    }
  }

  /** Each inbox behind Caravan. */
  List<Inbox> inboxes() {
    return outputs.stream().map(Output::inbox).toList();
  }

  @Override
  public void close() {
    try (collector) {
      caravan.close();
    }
  }
}
