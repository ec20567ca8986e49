/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.OtlpStatus;
import java.util.List;

/** Ends items, and with their last one deliveries. Guarded by its deliverer's lock. */
final class Endings {
  private final Room room;
  private final Runnable roomAgain;

  Endings(Room room, Runnable roomAgain) {
    this.room = room;
    this.roomAgain = roomAgain;
  }

  /**
   * All were taken together, but for some records; nobody says whose. They count for the first of
   * the deliveries, so that the sum is right, and what was said of them is told to the same.
   */
  void delivered(List<Item> items, long rejected, String message, Effects effects) {
    long left = rejected;
    for (Item item : items) {
      int own = Math.clamp(left, 0, item.records());
      left -= own;
      String told = own > 0 || rejected == 0 ? message : "";
      if (item.progress().delivered(item.batch(), own, told)) {
        leave(item.progress(), effects);
      }
    }
  }

  void refused(Item item, OtlpStatus status, Effects effects) {
    ended(item, new Ending.Refused(status), effects);
  }

  void left(List<Item> items, Effects effects) {
    items.forEach(item -> ended(item, new Ending.Left(), effects));
  }

  void ended(Item item, Ending ending, Effects effects) {
    if (item.progress().ended(item.batch(), ending)) {
      leave(item.progress(), effects);
    }
  }

  /** A connector that did not answer in time goes on holding so many bytes. */
  void leaveBehind(long bytes) {
    room.leaveBehind(bytes);
  }

  /** It has let go of them. */
  void letGo(long bytes, Effects effects) {
    if (room.letGo(bytes)) {
      effects.add(roomAgain);
    }
  }

  private void leave(Progress progress, Effects effects) {
    effects.add(progress::tell);
    if (room.leave(progress)) {
      effects.add(roomAgain);
    }
  }
}
