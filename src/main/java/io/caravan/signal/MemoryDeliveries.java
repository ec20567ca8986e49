/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.delivery.Deliverer;
import io.caravan.delivery.DeliverySettings;
import io.caravan.delivery.Output;
import io.caravan.delivery.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** The deliveries of all pipelines where there is no journal. Thread-safe. */
final class MemoryDeliveries {
  private final FanOutSettings bounds;
  private final Timer timer;
  private final Map<PipelineId, Deliverer> deliverers = new HashMap<>();

  MemoryDeliveries(FanOutSettings bounds, Timer timer) {
    this.bounds = bounds;
    this.timer = timer;
  }

  /** Gives each pipeline that is new its deliverer, and closes those of the others. */
  synchronized void plan(Collection<SubscribedPipeline> pipelines) {
    Map<PipelineId, Deliverer> gone = new HashMap<>(deliverers);
    for (SubscribedPipeline pipeline : pipelines) {
      Deliverer known = gone.remove(pipeline.id());
      if (known == null) {
        begin(pipeline);
      } else {
        known.change(settings(pipeline.settings()));
      }
    }
    gone.forEach(
        (id, deliverer) -> {
          deliverers.remove(id);
          CompletableFuture<Void> _ = deliverer.close(bounds.attemptTimeout());
        });
  }

  private void begin(SubscribedPipeline pipeline) {
    Deliverer deliverer =
        new Deliverer(
            settings(pipeline.settings()),
            new Output(pipeline.output().connector(), Runnable::run),
            timer,
            new SplittableRandom(),
            () -> {});
    deliverers.put(pipeline.id(), deliverer);
    pipeline.output().deliverWith(deliverer);
  }

  private DeliverySettings settings(Delivery delivery) {
    long bytes = bounds.pipelineInFlightBytes();
    return DeliverySettings.of(delivery).within(bounds.attemptTimeout(), bytes, bytes);
  }

  synchronized CompletableFuture<Void> close(Duration deadline) {
    return CompletableFuture.allOf(
        deliverers.values().stream()
            .map(each -> each.close(deadline))
            .toArray(CompletableFuture[]::new));
  }
}
