/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.net.EventLoops;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Exports over OTLP/HTTP with protobuf bodies: on each event loop as many HTTP/1.1 connections as
 * there are batches in flight, up to a bound.
 */
public final class HttpExporter implements Exporter {
  private final ExporterSettings settings;
  private final EventLoops loops;
  private final Dialer dialer;
  private final List<HttpLane> lanes;

  private HttpExporter(
      ExporterSettings settings, EventLoops loops, Dialer dialer, Optional<String> path) {
    this.settings = settings;
    this.loops = loops;
    this.dialer = dialer;
    HttpRequestHead head = new HttpRequestHead(settings, path);
    this.lanes =
        loops.loops().stream().map(loop -> new HttpLane(loop, dialer, settings, head)).toList();
  }

  /**
   * An exporter that connects when there is something to send.
   *
   * @param path joined to the endpoint and used for every signal; empty for the signal's own path
   * @throws IllegalArgumentException if the TLS settings cannot be used
   */
  public static HttpExporter create(ExporterSettings settings, Optional<String> path) {
    Optional<ClientTls> tls =
        settings.endpoint().transport() == Transport.TLS
            ? Optional.of(ClientTls.of(settings.tls()))
            : Optional.empty();
    EventLoops loops = EventLoops.acquire();
    Dialer dialer = new Dialer(loops, settings.endpoint(), tls, settings.timeout());
    return new HttpExporter(settings, loops, dialer, path);
  }

  @Override
  public void export(OtlpBatch batch, Consumer<Outcome> done) {
    if (batch.size() > GrpcExporter.MAX_REQUEST) {
      done.accept(GrpcExporter.tooLarge(batch));
      return;
    }
    HttpLane lane = lanes.get(loops.nearest());
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

  @Override
  public void close() {
    for (HttpLane lane : lanes) {
      lane.loop().execute(lane::close);
    }
    dialer.close();
    loops.close();
  }
}
