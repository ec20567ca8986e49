/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Numbers of each sender: a bit each, since a run has millions. Thread-safe. */
final class Numbers {
  private final List<BitSet> bySender = new ArrayList<>();
  private long size;

  /** Adds the id and says whether it is new. */
  synchronized boolean add(long id) {
    BitSet numbers = of(SpanId.sender(id));
    int number = SpanId.number(id);
    if (numbers.get(number)) {
      return false;
    }
    numbers.set(number);
    size++;
    return true;
  }

  private BitSet of(int sender) {
    while (bySender.size() <= sender) {
      bySender.add(new BitSet());
    }
    return bySender.get(sender);
  }

  /** How many there are. */
  synchronized long size() {
    return size;
  }

  /** How many of these the others do not have. */
  long missingIn(Numbers others) {
    List<BitSet> mine = copy();
    List<BitSet> theirs = others.copy();
    long missing = 0;
    for (int sender = 0; sender < mine.size(); sender++) {
      BitSet left = mine.get(sender);
      if (sender < theirs.size()) {
        left.andNot(theirs.get(sender));
      }
      missing += left.cardinality();
    }
    return missing;
  }

  private synchronized List<BitSet> copy() {
    return bySender.stream().map(numbers -> (BitSet) numbers.clone()).toList();
  }
}
