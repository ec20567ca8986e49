/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * One measurement of one system under one load.
 *
 * @param seconds how long it lasted
 * @param requests acknowledged requests
 * @param failed requests that were refused or lost
 * @param records acknowledged records
 * @param payloadBytes their protobuf, before compression
 * @param serverCpu CPU-seconds of the server
 * @param wakeUps voluntary context switches of the server
 * @param peakBytes the server's peak of resident memory
 * @param allocatedBytes what the server has allocated on the heap; NaN where nobody can tell
 * @param medianMicros median time from due to answered
 * @param p99Micros 99th percentile of it
 * @param helpersCpu CPU-seconds of generator and sink
 * @param othersCpu CPU-seconds of everything else on the machine: noise
 * @param stolenCpu CPU-seconds that the hypervisor gave to others: noise
 */
record Window(
    String workload,
    String system,
    String load,
    int repetition,
    double seconds,
    long requests,
    long failed,
    long records,
    long payloadBytes,
    double serverCpu,
    long wakeUps,
    long peakBytes,
    double allocatedBytes,
    long medianMicros,
    long p99Micros,
    double helpersCpu,
    double othersCpu,
    double stolenCpu) {

  double cpuSecondsPerMillion() {
    return serverCpu * 1e6 / records;
  }

  double recordsPerSecond() {
    return records / seconds;
  }

  double wakeUpsPerRequest() {
    return (double) wakeUps / requests;
  }

  double peakMebibytes() {
    return peakBytes / (double) (1 << 20);
  }

  double allocatedPerRecord() {
    return allocatedBytes / records;
  }

  double allocatedPerPayloadByte() {
    return allocatedBytes / payloadBytes;
  }
}
