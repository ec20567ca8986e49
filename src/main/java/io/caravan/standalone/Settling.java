/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides when a file is worth reading: when it has changed and then been quiet for a while, so
 * that nobody reads what an editor has half written.
 *
 * <p>Knows no clock and no files: it is shown scans. Not thread-safe.
 */
final class Settling {

  /**
   * @param read the files that have changed and are quiet, in order
   * @param gone the files that were read and are not there any more
   * @param next when to look again although nothing stirs
   */
  record Look(Set<Path> read, Set<Path> gone, Optional<Instant> next) {}

  private record Restless(FileStamp stamp, Instant since) {}

  private final Duration quiet;
  private final Map<Path, FileStamp> read = new HashMap<>();
  private final Map<Path, Restless> restless = new HashMap<>();

  Settling(Duration quiet) {
    this.quiet = quiet;
  }

  /** The first scan: whatever lies there has been lying there, and is to be read now. */
  Set<Path> begin(FolderScan scan) {
    read.putAll(scan.files());
    return new TreeSet<>(scan.files().keySet());
  }

  /** What has happened since the last scan. */
  Look look(FolderScan scan, Instant now) {
    Set<Path> settled = new TreeSet<>();
    Optional<Instant> next = Optional.empty();
    restless.keySet().retainAll(scan.files().keySet());
    for (Map.Entry<Path, FileStamp> entry : scan.files().entrySet()) {
      Path file = entry.getKey();
      FileStamp stamp = entry.getValue();
      if (stamp.equals(read.get(file))) {
        restless.remove(file);
        continue;
      }
      Restless before = restless.get(file);
      Instant since =
          before != null && before.stamp().equals(stamp) && !before.since().isAfter(now)
              ? before.since()
              : now; // also where the clock was set back
      Instant due = since.plus(quiet);
      if (due.isAfter(now)) {
        restless.put(file, new Restless(stamp, since));
        next = Optional.of(next.filter(other -> other.isBefore(due)).orElse(due));
      } else {
        restless.remove(file);
        read.put(file, stamp);
        settled.add(file);
      }
    }
    return new Look(settled, gone(scan), next);
  }

  private Set<Path> gone(FolderScan scan) {
    Set<Path> gone = new TreeSet<>(read.keySet());
    gone.removeAll(scan.files().keySet());
    gone.removeIf(scan::isUnknown);
    gone.forEach(read::remove);
    return gone;
  }

  /**
   * The file turned out to be changing while it was read: it is to be offered again. It stays known
   * as read, so that its vanishing is told.
   */
  void unread(Path file) {
    read.put(file, FileStamp.NONE);
  }
}
