/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/**
 * Finds the element in which half of the bytes of all elements lie, and the better of the two cuts
 * beside it. Used in two rounds: all are measured, then all are looked at again. Not thread-safe.
 */
final class Middle {
  private long all;
  private long before;
  private long after;
  private boolean found;
  private int start;
  private int body;
  private int end;

  void measure(Elements elements) throws MalformedOtlpException {
    while (elements.next()) {
      all += elements.size();
    }
  }

  void find(Elements elements) throws MalformedOtlpException {
    while (!found && elements.next()) {
      long upTo = before + elements.size();
      if (upTo > all / 2) {
        found = true;
        after = all - upTo;
        start = elements.start();
        body = elements.body();
        end = elements.end();
      } else {
        before = upTo;
      }
    }
  }

  /** Whether there is any element. */
  boolean isFound() {
    return found;
  }

  /** Whether a cut leaves an element on either side. */
  boolean isBetweenElements() {
    return before > 0 || after > 0;
  }

  /** Whether it leaves each side a quarter of the bytes. */
  boolean isBalanced() {
    return Math.max(before, after) >= all / 4;
  }

  /** Where to cut: before or behind the element in the middle. */
  int boundary() {
    return before >= after ? start : end;
  }

  /** The offset of the tag of the element in the middle. */
  int start() {
    return start;
  }

  /** The offset of its content. */
  int body() {
    return body;
  }

  /** The offset behind it. */
  int end() {
    return end;
  }
}
