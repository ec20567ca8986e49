/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * What became of the requests since the counts were last cleared; its text is one line.
 *
 * @param accepted acknowledged requests
 * @param acceptedBytes of their protobuf, before compression
 * @param refusedForNow refused with a delay
 * @param refused refused without a delay
 * @param unanswered whose connection or stream ended
 * @param unsent that were due while every request was in flight
 * @param medianMicros median time from due to acknowledged
 * @param p99Micros 99th percentile of it
 * @param lastFailure what the last failure said
 */
record LoadReport(
    long accepted,
    long acceptedBytes,
    long refusedForNow,
    long refused,
    long unanswered,
    long unsent,
    long medianMicros,
    long p99Micros,
    String lastFailure) {

  long failed() {
    return refusedForNow + refused + unanswered;
  }

  static LoadReport parse(String line) {
    String[] fields = line.split(" ", 9);
    long[] numbers = new long[8];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Long.parseLong(fields[i]);
    }
    return new LoadReport(
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        fields[8]);
  }

  @Override
  public String toString() {
    return accepted
        + " "
        + acceptedBytes
        + " "
        + refusedForNow
        + " "
        + refused
        + " "
        + unanswered
        + " "
        + unsent
        + " "
        + medianMicros
        + " "
        + p99Micros
        + " "
        + lastFailure;
  }
}
