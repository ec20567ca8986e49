/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.function.Function;

/**
 * Which records a place has done with, what its account says of them, and what of both is not saved
 * yet. Guarded by its place.
 */
final class PlaceProgress {
  private final IntervalSet done = new IntervalSet();
  private final IntervalSet unsaved = new IntervalSet();
  private long nextOrdinal = 1;
  private PlaceAccount account = PlaceAccount.NONE;
  private Inheritance inheritance = Inheritance.NONE;

  /** What is saved while nobody keeps the account, which somebody may keep again. */
  private SavedAccount inherited = SavedAccount.NONE;

  /** The largest ordinal that the account knows. */
  private long counted;

  private boolean posted;
  private long pendingRecords;
  private long pendingEntries;

  PlaceProgress() {
    done.add(0, 0);
  }

  PlaceAccount account() {
    return account;
  }

  <T extends PlaceAccount> T keep(Function<Inheritance, T> opens) {
    T opened = opens.apply(inheritance);
    account = opened;
    inheritance = Inheritance.NONE;
    counted = nextOrdinal - 1;
    posted = true;
    return opened;
  }

  /** The account has changed otherwise than by a record that came or went. */
  void posted() {
    posted = true;
  }

  long nextOrdinal() {
    return nextOrdinal++;
  }

  long pendingRecords() {
    return pendingRecords;
  }

  long pendingEntries() {
    return pendingEntries;
  }

  /** Its account is to be saved too, or the next process could not tell what it was if it goes. */
  void written(Receipt receipt) {
    pendingRecords += receipt.records();
    pendingEntries++;
    account.written(receipt);
    counted = Math.max(counted, receipt.ordinal());
    posted |= hasAccount();
  }

  /** Whether this was the first time. */
  boolean done(Receipt receipt) {
    if (!done(receipt.ordinal())) {
      return false;
    }
    pendingRecords -= receipt.records();
    pendingEntries--;
    return true;
  }

  /** As well, of a record that was not written. */
  boolean done(long ordinal) {
    return done.add(ordinal) && unsaved.add(ordinal);
  }

  /** Nothing is pending any more. */
  void removed() {
    pendingRecords = 0;
    pendingEntries = 0;
    account.removed();
  }

  boolean isDone(long first, long last) {
    return done.containsAll(first, last);
  }

  boolean isUnsaved() {
    return posted || !unsaved.isEmpty();
  }

  ProgressEntry.Done takeUnsaved(int place) {
    IntervalSet taken = new IntervalSet(unsaved);
    saved();
    return new ProgressEntry.Done(place, taken, toSave());
  }

  PlaceState takeState(int place, String id) {
    saved();
    return new PlaceState(place, id, nextOrdinal, new IntervalSet(done), toSave());
  }

  private void saved() {
    unsaved.clear();
    posted = false;
  }

  private SavedAccount toSave() {
    return hasAccount() ? new SavedAccount(counted, account.totals()) : inherited;
  }

  @SuppressWarnings("ReferenceEquality") // the very object that stands for none
  private boolean hasAccount() {
    return account != PlaceAccount.NONE;
  }

  /**
   * Takes over what a process before this one has saved and left behind.
   *
   * @return how many entries are gone of which nothing is known: they have numbers between those
   *     that are known, and neither ended nor are there nor were counted
   */
  long restore(PlaceState state, RecoveredPlace found) {
    done.addAll(state.done());
    long unknown = unknown(state, found);
    long known = Math.max(state.account().counted(), state.done().last());
    nextOrdinal = Math.max(state.next(), Math.max(known, found.last()) + 1);
    // What is neither done nor there was lost: before anybody was told that it was written, or, if
    // the account knows of it, by a disk that does not keep what it was given.
    done.addMissing(1, nextOrdinal - 1, found.pending());
    pendingRecords = found.records();
    pendingEntries = found.entries();
    inherited = state.account();
    inheritance =
        new Inheritance(inherited.totals(), found.counted(), found.since(), found.lost(inherited));
    return unknown;
  }

  private long unknown(PlaceState state, RecoveredPlace found) {
    IntervalSet known = new IntervalSet(done);
    known.add(1, state.account().counted());
    known.addAll(found.pending());
    found.lost().forEach(receipt -> known.add(receipt.ordinal()));
    // The numbers from 0 on, up to the last.
    return known.last() + 1 - known.count();
  }
}
