/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.HashSet;
import java.util.Set;

/**
 * The bytes that a pipeline's deliveries may hold in memory, and those which wait for room. Guarded
 * by its deliverer's lock.
 *
 * <p>A delivery that is larger than all the room is let in when it is the only one.
 */
final class Room {
  private long maxBytes;
  private long maxLaneBytes;
  private final Set<Lane> refusedLanes = new HashSet<>(0);
  private boolean refused;
  private int deliveries;
  private int waitedFor;
  private long records;
  private long bytes;
  private long leftBehind;

  Room(DeliverySettings settings) {
    bound(settings);
  }

  /** Other bounds from now on. True if those who were refused should ask again. */
  boolean change(DeliverySettings settings) {
    bound(settings);
    refused |= !refusedLanes.isEmpty();
    refusedLanes.clear();
    return askAgain();
  }

  private void bound(DeliverySettings settings) {
    maxBytes = settings.maxBytes();
    maxLaneBytes =
        switch (settings.order()) {
          case SENDER -> settings.maxLaneBytes();
          case NONE -> settings.maxBytes();
        };
  }

  /** Lets a delivery in; false, and no change, if there is no room. */
  boolean enter(Progress progress) {
    Lane lane = progress.lane();
    if (deliveries > 0 && bytes + leftBehind + progress.bytes() > maxBytes) {
      refused = true;
      return false;
    }
    if (lane.heldBytes() > 0 && lane.heldBytes() + progress.bytes() > maxLaneBytes) {
      refusedLanes.add(lane);
      return false;
    }
    deliveries++;
    waitedFor += progress.isWaitedFor() ? 1 : 0;
    records += progress.records();
    bytes += progress.bytes();
    lane.hold(progress.bytes());
    return true;
  }

  /** A delivery has ended. True if those who were refused should ask again. */
  boolean leave(Progress progress) {
    Lane lane = progress.lane();
    deliveries--;
    waitedFor -= progress.isWaitedFor() ? 1 : 0;
    records -= progress.records();
    bytes -= progress.bytes();
    lane.hold(-progress.bytes());
    boolean laneAgain = lane.heldBytes() <= maxLaneBytes / 2 && refusedLanes.remove(lane);
    return askAgain() || laneAgain;
  }

  /** An attempt that timed out goes on holding so many bytes. */
  void leaveBehind(long attempt) {
    leftBehind += attempt;
  }

  /** It has let go. True if those who were refused should ask again. */
  boolean letGo(long attempt) {
    leftBehind -= attempt;
    return askAgain();
  }

  /** Half of the room: to ask for each delivery that leaves would cost more than it brings. */
  private boolean askAgain() {
    boolean again = refused && (deliveries == 0 || bytes + leftBehind <= maxBytes / 2);
    refused &= !again;
    return again;
  }

  /** Deliveries that have not ended. */
  int deliveries() {
    return deliveries;
  }

  /** Those of them for whose end somebody waits. */
  int waitedFor() {
    return waitedFor;
  }

  /** Their records. */
  long records() {
    return records;
  }

  /** What is held, by these and by attempts that timed out. */
  long bytes() {
    return bytes + leftBehind;
  }

  /** How much more there is room for, 0 or more. */
  long free() {
    return Math.max(0, maxBytes - bytes());
  }
}
