/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends what a deliverer has that is being closed. Guarded by its lock. */
final class Closing {
  private final Lanes lanes;
  private final Room room;
  private final Endings endings;
  private final Attempts attempts;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  Closing(Lanes lanes, Room room, Endings endings, Attempts attempts) {
    this.lanes = lanes;
    this.room = room;
    this.endings = endings;
    this.attempts = attempts;
  }

  /** Completes, not under the lock, when all deliveries have ended. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** What waits is left. */
  void leaveWaiting(Effects effects) {
    lanes.forEach(lane -> leave(lane, effects));
    completeIfEmpty(effects);
  }

  /** An attempt of that lane has been judged. */
  void judged(Lane lane, Effects effects) {
    if (lane.isFree()) {
      leave(lane, effects);
    }
    completeIfEmpty(effects);
  }

  /** What is under way is not waited for any longer. */
  void abandon(Effects effects) {
    lanes.forEach(
        lane -> {
          Attempt attempt = lane.attempt();
          if (attempt != null) {
            attempts.leaveBehind(attempt, effects);
          }
        });
    completeIfEmpty(effects);
  }

  private void leave(Lane lane, Effects effects) {
    Item item = lane.poll();
    while (item != null) {
      endings.left(List.of(item), effects);
      item = lane.poll();
    }
  }

  private void completeIfEmpty(Effects effects) {
    if (room.deliveries() == 0) {
      effects.add(() -> done.complete(null));
    }
  }
}
