/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.HashSet;
import java.util.Set;

/**
 * Who may hold how many bytes of the journal. Thread-safe; nothing waits.
 *
 * <p>A part of the journal's bytes is divided into equal shares, one for each place, that are
 * always granted. A place that wants more gets it from what is left when the share of each other
 * place, or what it uses if that is more, is set aside.
 */
final class Bounds {
  /** What a share takes from the others. */
  private enum Claim {
    PART,
    NONE
  }

  private final int guaranteedPercent;
  private long bytes;
  private final Set<Share> shares = new HashSet<>();
  private long guaranteed;

  /** The sum of the claims of all shares. */
  private long claimed;

  private long free = Long.MAX_VALUE;
  private long keepFree;

  Bounds(long bytes, int guaranteedPercent) {
    this.bytes = bytes;
    this.guaranteedPercent = guaranteedPercent;
  }

  synchronized Share open() {
    Share share = new Share(Claim.PART);
    shares.add(share);
    divide();
    return share;
  }

  /** A share that is granted all that it asks for and takes nothing from the others. */
  Share openYielding() {
    return new Share(Claim.NONE);
  }

  /** How much more than there is room for these bytes would be, beside what the shares use. */
  synchronized long excess(long yielding) {
    long beyond = used() + yielding - bytes;
    long lacking = Math.min(yielding, keepFree + keepFree / 2 - free);
    return Math.max(0, Math.max(beyond, lacking));
  }

  /**
   * Raises the bound. It never sinks: what others put on the file system is what {@link
   * #fileSystem} is told of, and what a place was granted it has.
   */
  synchronized void raise(long bound) {
    if (bound > bytes) {
      bytes = bound;
      divide();
    }
  }

  /** Says how much the file system has left, and how much of it has to stay. */
  synchronized void fileSystem(long usable, long keep) {
    free = usable;
    keepFree = keep;
  }

  /** All bytes that are held. */
  synchronized long used() {
    return shares.stream().mapToLong(share -> share.used).sum();
  }

  private void divide() {
    guaranteed = shares.isEmpty() ? 0 : (long) (bytes / 100.0 * guaranteedPercent / shares.size());
    claimed = shares.stream().mapToLong(Share::claim).sum();
  }

  /** The bytes of one place. */
  final class Share {
    private long used;
    private long limit = Long.MAX_VALUE;
    private boolean closed;

    private final Claim claim;

    private Share(Claim claim) {
      this.claim = claim;
    }

    Reservation reserve(long wanted) {
      synchronized (Bounds.this) {
        Reservation answer = ask(wanted);
        if (answer == Reservation.GRANTED) {
          use(wanted);
          if (claim == Claim.PART) {
            free -= wanted; // what yields are bytes that others hold too
          }
        }
        return answer;
      }
    }

    private Reservation ask(long wanted) {
      if (closed) {
        return Reservation.REMOVED;
      }
      if (claim == Claim.NONE) {
        return Reservation.GRANTED;
      }
      // First, since what a place gives up then makes no room soon: segments go as a whole.
      if (free - wanted < keepFree) {
        return Reservation.FILE_SYSTEM_FULL;
      }
      // One that is larger than the bound passes alone, or it would be refused for ever.
      if (used > 0 && used + wanted > limit) {
        return Reservation.PLACE_FULL;
      }
      return used + wanted <= guaranteed || claimed - claim() + used + wanted <= bytes
          ? Reservation.GRANTED
          : Reservation.JOURNAL_FULL;
    }

    /** Takes bytes that nobody was asked for: those found at a start. */
    void restore(long found) {
      synchronized (Bounds.this) {
        use(found);
      }
    }

    void release(long given) {
      synchronized (Bounds.this) {
        if (!closed) {
          use(-given);
        }
      }
    }

    void limit(long changed) {
      synchronized (Bounds.this) {
        if (limit != changed) {
          limit = changed;
          divide();
        }
      }
    }

    long used() {
      synchronized (Bounds.this) {
        return used;
      }
    }

    /** What it could use if nobody else took anything. */
    long most() {
      synchronized (Bounds.this) {
        long room = Math.max(0, free - keepFree);
        long onDisk = room > Long.MAX_VALUE - used ? Long.MAX_VALUE : used + room;
        long inJournal = Math.max(guaranteed, bytes - claimed + claim());
        return Math.max(used, Math.min(limit, Math.min(onDisk, inJournal)));
      }
    }

    void close() {
      synchronized (Bounds.this) {
        closed = true;
        used = 0;
        shares.remove(this);
        divide();
      }
    }

    private void use(long more) {
      if (claim == Claim.NONE) {
        used += more;
        return;
      }
      claimed -= claim();
      used += more;
      claimed += claim();
    }

    private long claim() {
      return Math.max(used, Math.min(limit, guaranteed));
    }
  }
}
