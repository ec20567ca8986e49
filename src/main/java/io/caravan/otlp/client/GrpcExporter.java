/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.net.EventLoops;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Exports over OTLP/gRPC: one HTTP/2 connection for each event loop that has something to send. */
public final class GrpcExporter implements Exporter {
  /** More is not sent at all (OTLP 1.11.0): the backend would have to refuse it. */
  static final int MAX_REQUEST = 64 << 20;

  private final ExporterSettings settings;
  private final EventLoops loops;
  private final Dialer dialer;
  private final List<GrpcLane> lanes;

  private GrpcExporter(ExporterSettings settings, EventLoops loops, Dialer dialer) {
    this.settings = settings;
    this.loops = loops;
    this.dialer = dialer;
    this.lanes = loops.loops().stream().map(loop -> new GrpcLane(loop, dialer, settings)).toList();
  }

  /**
   * An exporter that connects when there is something to send.
   *
   * @throws IllegalArgumentException if the TLS settings cannot be used
   */
  public static GrpcExporter create(ExporterSettings settings) {
    Optional<ClientTls> tls =
        settings.endpoint().transport() == Transport.TLS
            ? Optional.of(ClientTls.of(settings.tls(), "h2"))
            : Optional.empty();
    EventLoops loops = EventLoops.acquire();
    return new GrpcExporter(
        settings, loops, new Dialer(loops, settings.endpoint(), tls, settings.timeout()));
  }

  @Override
  public void export(OtlpBatch batch, Consumer<Outcome> done) {
    if (batch.size() > MAX_REQUEST) {
      done.accept(tooLarge(batch));
      return;
    }
    GrpcLane lane = lanes.get(loops.nearest());
    EventLoop loop = lane.loop();
    Export export = new Export(batch, done, settings.timeout());
    if (loop.inEventLoop()) {
      lane.send(export);
      return;
    }
    try {
      loop.execute(() -> lane.send(export));
    } catch (RejectedExecutionException e) {
      export.complete(Outcomes.later(GrpcCode.UNAVAILABLE, "The exporter is closed."));
    }
  }

  static Outcome tooLarge(OtlpBatch batch) {
    return new Outcome.TooLarge(
        OtlpStatus.of(
            GrpcCode.RESOURCE_EXHAUSTED,
            "The batch of "
                + batch.size()
                + " bytes is larger than OTLP's limit of "
                + MAX_REQUEST));
  }

  @Override
  public void close() {
    for (GrpcLane lane : lanes) {
      lane.loop().execute(lane::close);
    }
    dialer.close();
    loops.close();
  }
}
