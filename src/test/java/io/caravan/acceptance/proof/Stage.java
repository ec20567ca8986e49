/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.caravan.acceptance.Manifests;
import io.caravan.acceptance.fixture.CaravanProcess;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One run of a scenario on a process that has been started: its senders, and what came of them. */
final class Stage implements AutoCloseable {
  private final String scenario;
  private final List<ScriptedBackend> backends;
  private final RetryingSenders senders;
  private final MemoryWatch memory;

  /** Begins to send. Every backend is meant to get everything. */
  Stage(String scenario, CaravanProcess caravan, Load load, ScriptedBackend... backends) {
    this.scenario = scenario;
    this.backends = List.of(backends);
    memory = new MemoryWatch(caravan);
    senders = new RetryingSenders(caravan.grpcPort(), load);
  }

  /** A pipeline of traces to the backend, over its protocol. */
  static String pipeline(String name, ScriptedBackend backend) {
    return Manifests.pipeline(
        "TracePipeline", name, Manifests.otlp(backend.protocol(), "none", backend.endpoint()));
  }

  /** What the senders have been answered so far. */
  SendersLog log() {
    return senders.log();
  }

  /** Lets the senders send for so long. */
  void sendFor(Duration time) {
    log().awaitEnd(time);
  }

  /** Lets the senders send until so many more records are acknowledged. */
  void sendUntilAcknowledged(long more) {
    long goal = log().acknowledged().size() + more;
    Awaitility.await("%d acknowledged records".formatted(goal))
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> log().acknowledged().size() >= goal);
  }

  /** Ends the sending. */
  void finish() {
    senders.finish();
  }

  /**
   * Ends the sending, waits at most so long until every backend has all that was acknowledged, and
   * prints an account for each.
   */
  List<Account> settle(Duration patience) {
    finish();
    long began = System.nanoTime();
    try {
      Awaitility.await()
          .atMost(patience)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> backends.stream().allMatch(backend -> lost(backend) == 0));
    } catch (ConditionTimeoutException e) {
      // The accounts say what is missing.
      System.err.println(scenario + ": not all delivered within " + patience);
    }
    Duration drain = Duration.ofNanos(System.nanoTime() - began);
    List<Account> accounts = backends.stream().map(backend -> account(backend, drain)).toList();
    accounts.forEach(System.out::println);
    return accounts;
  }

  private long lost(ScriptedBackend backend) {
    return log().acknowledged().missingIn(backend.arrivals().numbers());
  }

  private Account account(ScriptedBackend backend, Duration drain) {
    Arrivals arrivals = backend.arrivals();
    return new Account(
        scenario,
        log().acknowledged().size(),
        arrivals.numbers().size(),
        lost(backend),
        arrivals.duplicates(),
        arrivals.outOfOrder(),
        log().refused(),
        log().lastRefusal(),
        log().repeated(),
        drain,
        log().latencies().quantile(0.99),
        memory.peakMebibytes());
  }

  @Override
  public void close() {
    senders.close();
    memory.close();
  }
}
