/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A reader's place on the journal: which records are for it, which of them it has done with, and
 * how many bytes it holds. Thread-safe.
 *
 * <p>Its memory does not grow with what is pending: records of a place are numbered, and the
 * numbers that are done with are kept as intervals, of which there are as many as records that hold
 * the others up.
 */
public final class Place {
  private final int number;
  private final String id;
  private final Bounds.Share share;
  private final Segments segments;
  private final PlaceReader reader;
  private final Consumer<Place> changed;
  private final AtomicBoolean queued = new AtomicBoolean();

  // Guarded by this.
  private final PlaceProgress progress = new PlaceProgress();
  private boolean removed;

  Place(
      int number,
      String id,
      Bounds.Share share,
      Segments segments,
      PlaceReader reader,
      Consumer<Place> changed) {
    this.number = number;
    this.id = id;
    this.share = share;
    this.segments = segments;
    this.reader = reader;
    this.changed = changed;
  }

  public String id() {
    return id;
  }

  int number() {
    return number;
  }

  /**
   * Has an account kept of the place from now on: before anything is read or appended, so that it
   * hears of all.
   *
   * @param opens is called once, under the place's lock
   * @return what that has opened
   */
  public synchronized <T extends PlaceAccount> T keep(Function<Inheritance, T> opens) {
    return progress.keep(opens);
  }

  /** Changes the account otherwise than by a record that comes or goes, and has it saved. */
  public void post(Runnable postings) {
    synchronized (this) {
      postings.run();
      progress.posted();
    }
    touch();
  }

  /** The most bytes that it may hold; without a call only the journal's bound counts. */
  public void limit(long bytes) {
    share.limit(bytes);
  }

  /**
   * Asks for the bytes that an entry will hold here. Whoever was granted them appends an entry with
   * a target of as many, or gives them back with {@link #release}. Never blocks.
   */
  public Reservation tryReserve(long bytes) {
    return share.reserve(bytes);
  }

  /** Gives back what was reserved and not appended. */
  public void release(long bytes) {
    share.release(bytes);
  }

  /** The records that are written and not acknowledged. */
  public synchronized long pendingRecords() {
    return progress.pendingRecords();
  }

  /** The entries that are written and not acknowledged. */
  public synchronized long pendingEntries() {
    return progress.pendingEntries();
  }

  /** The bytes that are reserved and not given back: what is pending, and what is being written. */
  public long pendingBytes() {
    return share.used();
  }

  /** The most that {@link #pendingBytes} can be as everything else stands now. */
  public long mostBytes() {
    return share.most();
  }

  /** A position at or before the first record that is pending; {@link #end} if there is none. */
  public long oldest() {
    return segments.oldest(this);
  }

  /** Where records go that are appended from now on; it only grows. */
  public long end() {
    return segments.end();
  }

  /**
   * Reads what is pending from a position on, in order. It reads files, so not on an event loop. A
   * record whose payload is corrupt is done with and counted.
   *
   * @param from what this method, {@link #oldest} or {@link #end} has returned
   * @param maxBytes of payload, of which there is more only if the first record has more
   * @throws IOException if a segment cannot be read; it is all right to try again
   */
  public Portion read(long from, int maxBytes) throws IOException {
    return reader.read(this, from, maxBytes);
  }

  /**
   * As {@link #read}, without the payloads: these are empty, and of no use.
   *
   * @param maxBytes of headers
   */
  public Portion readHeaders(long from, int maxBytes) throws IOException {
    return reader.readHeaders(this, from, maxBytes);
  }

  /**
   * Reads one record. It reads files, so not on an event loop.
   *
   * @param position of the record; any other number is answered with nothing
   * @return empty if no record that is pending begins there
   * @throws IOException if the segment cannot be read; it is all right to try again
   */
  public Optional<StoredRecord> find(long position) throws IOException {
    return reader.find(this, position);
  }

  /**
   * The record needs not be kept for this place: it will not be read again, also by a process that
   * starts later, unless this one is killed at the same moment. Cheap, in any order.
   *
   * @return whether this was the first time
   */
  public boolean acknowledge(Receipt receipt) {
    return acknowledge(receipt, () -> {});
  }

  /**
   * As {@link #acknowledge(Receipt)}.
   *
   * @param posting tells the place's account what became of the record, if this was the first time;
   *     both are saved in one step
   */
  public boolean acknowledge(Receipt receipt, Runnable posting) {
    synchronized (this) {
      if (!done(receipt)) {
        return false;
      }
      progress.account().done(receipt, posting);
    }
    letGo(receipt);
    return true;
  }

  /** Acknowledges a record that is corrupt. */
  boolean lose(Receipt receipt) {
    synchronized (this) {
      if (!done(receipt)) {
        return false;
      }
      progress.account().lost(receipt);
    }
    letGo(receipt);
    return true;
  }

  private synchronized boolean done(Receipt receipt) {
    if (receipt.place() != number) {
      throw new IllegalArgumentException("%s is not of the place %s".formatted(receipt, id));
    }
    return !removed && progress.done(receipt);
  }

  private void letGo(Receipt receipt) {
    share.release(receipt.bytes());
    segments
        .get(Position.segment(receipt.position()))
        .ifPresent(segment -> segment.pending(-receipt.bytes()));
    touch();
  }

  /** The number of a record that is about to be written. */
  synchronized long nextOrdinal() {
    return progress.nextOrdinal();
  }

  /** A record can be read from now on. */
  void written(Receipt receipt) {
    boolean unsaved;
    synchronized (this) {
      progress.written(receipt);
      if (removed) {
        progress.removed();
      }
      unsaved = removed || progress.isUnsaved();
    }
    if (unsaved) {
      touch();
    }
  }

  /** A record that was numbered could not be written. */
  void failed(long ordinal, long bytes) {
    synchronized (this) {
      progress.done(ordinal);
    }
    share.release(bytes);
    touch();
  }

  synchronized boolean isPending(long ordinal) {
    return !removed && !progress.isDone(ordinal, ordinal);
  }

  /** Whether all of these are done with. */
  synchronized boolean isDone(long first, long last) {
    return removed || progress.isDone(first, last);
  }

  void remove() {
    synchronized (this) {
      removed = true;
      progress.removed();
    }
    share.close();
    touch();
  }

  synchronized boolean removed() {
    return removed;
  }

  /** Has the change saved, and what nobody needs any more deleted. */
  void touch() {
    if (queued.compareAndSet(false, true)) {
      changed.accept(this);
    }
  }

  /** What has changed since the last call, to be saved; changes from now on are told again. */
  Optional<ProgressEntry> takeUnsaved() {
    queued.set(false);
    synchronized (this) {
      if (removed) {
        return Optional.of(new ProgressEntry.Removed(number));
      }
      return progress.isUnsaved() ? Optional.of(progress.takeUnsaved(number)) : Optional.empty();
    }
  }

  /** All that has to be saved, which {@link #takeUnsaved} then leaves out. */
  synchronized PlaceState takeState() {
    return progress.takeState(number, id);
  }

  /** As {@link PlaceProgress#restore}. */
  long restore(PlaceState state, RecoveredPlace found) {
    share.restore(found.bytes());
    synchronized (this) {
      return progress.restore(state, found);
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
