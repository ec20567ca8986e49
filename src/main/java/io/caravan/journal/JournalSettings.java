/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/**
 * The bounds of a journal.
 *
 * @param segmentBytes from this size on a segment is followed by the next; at least 4 KiB
 * @param bytes that all places together may refer to
 * @param guaranteedPercent of these bytes is set aside for the places in equal shares, which nobody
 *     else ever takes; the rest goes to whoever needs it first; 0 to 100
 * @param freePercent of the file system stays free; 0 to 99
 * @param roomPercent of what the file system has for the journal, free or in use by it, is the
 *     bound where that is less than {@code bytes}; 0 to 100, 0 for {@code bytes} on any file system
 */
public record JournalSettings(
    int segmentBytes, long bytes, int guaranteedPercent, int freePercent, int roomPercent) {
  private static final int SMALLEST_SEGMENT = 4 << 10;
  private static final int SEGMENT = 64 << 20;
  private static final int GUARANTEED_PERCENT = 50;
  private static final int FREE_PERCENT = 10;

  public JournalSettings {
    check("segmentBytes", segmentBytes, SMALLEST_SEGMENT, 1 << 30);
    check("bytes", bytes, 1, Long.MAX_VALUE);
    check("guaranteedPercent", guaranteedPercent, 0, 100);
    check("freePercent", freePercent, 0, 99);
    check("roomPercent", roomPercent, 0, 100);
  }

  /** Segments of 64 MiB, half of {@code bytes} guaranteed, a tenth of the file system free. */
  public static JournalSettings of(long bytes) {
    return new JournalSettings(SEGMENT, bytes, GUARANTEED_PERCENT, FREE_PERCENT, 0);
  }

  public JournalSettings withSegmentBytes(int changed) {
    return new JournalSettings(changed, bytes, guaranteedPercent, freePercent, roomPercent);
  }

  public JournalSettings withFreePercent(int changed) {
    return new JournalSettings(segmentBytes, bytes, guaranteedPercent, changed, roomPercent);
  }

  public JournalSettings withRoomPercent(int changed) {
    return new JournalSettings(segmentBytes, bytes, guaranteedPercent, freePercent, changed);
  }

  /** What all places together may refer to, where the file system has so many bytes for them. */
  long bound(long room) {
    return roomPercent == 0 ? bytes : Math.clamp(room / 100 * roomPercent, 1, bytes);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d; expected %d to %d".formatted(name, value, least, most));
    }
  }
}
