/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Order;
import io.caravan.api.Delivery.Retry;
import java.time.Duration;

/**
 * What a pipeline asks of its delivery.
 *
 * @param order whether those of a sender arrive in the order in which it sent them
 * @param lanes how many attempts may be under way at a time, 1 to 1024
 * @param retry bounds of the waits where the backend asked for none
 * @param attemptTimeout after which an attempt counts as failed
 * @param maxAge after which a batch is not tried any more, from the time it was accepted
 * @param maxBytes of the batches that are offered and have not ended, in memory
 * @param maxLaneBytes of those in one lane, so that a lane that is stuck leaves room for the others
 */
public record DeliverySettings(
    Order order,
    int lanes,
    PortionSettings portion,
    Retry retry,
    Duration attemptTimeout,
    Duration maxAge,
    long maxBytes,
    long maxLaneBytes) {
  private static final int MOST_LANES = 1024;

  public static final DeliverySettings DEFAULT =
      new DeliverySettings(
          Delivery.DEFAULT.order(),
          16,
          PortionSettings.DEFAULT,
          Delivery.DEFAULT.retry(),
          Duration.ofSeconds(5),
          Delivery.DEFAULT.buffer().age(),
          32L << 20,
          8L << 20);

  /** What a manifest asks for; the rest as by default. */
  public static DeliverySettings of(Delivery spec) {
    return new DeliverySettings(
        spec.order(),
        DEFAULT.lanes,
        DEFAULT.portion,
        spec.retry(),
        DEFAULT.attemptTimeout,
        spec.buffer().age(),
        DEFAULT.maxBytes,
        DEFAULT.maxLaneBytes);
  }

  /** The same with other bounds. */
  public DeliverySettings within(Duration anAttempt, long bytes, long bytesOfALane) {
    return new DeliverySettings(
        order, lanes, portion, retry, anAttempt, maxAge, bytes, bytesOfALane);
  }

  public DeliverySettings {
    if (lanes < 1 || lanes > MOST_LANES) {
      throw new IllegalArgumentException("%d lanes: expected 1 to %d".formatted(lanes, MOST_LANES));
    }
    if (!retry.initial().isPositive() || retry.max().compareTo(retry.initial()) < 0) {
      throw new IllegalArgumentException(
          "retry: initial is %s and max is %s, expected 0 < initial <= max"
              .formatted(retry.initial(), retry.max()));
    }
    if (!attemptTimeout.isPositive() || !maxAge.isPositive()) {
      throw new IllegalArgumentException(
          "attemptTimeout is %s and maxAge is %s: expected more than 0"
              .formatted(attemptTimeout, maxAge));
    }
    if (maxLaneBytes < 1 || maxBytes < maxLaneBytes) {
      throw new IllegalArgumentException(
          "maxLaneBytes is %d and maxBytes is %d: expected 1 <= maxLaneBytes <= maxBytes"
              .formatted(maxLaneBytes, maxBytes));
    }
  }
}
