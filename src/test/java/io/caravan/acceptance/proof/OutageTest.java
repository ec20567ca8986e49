/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A backend that is away for a while, with two restarts meanwhile: one in good order, one not. */
@Isolated("it measures")
class OutageTest {
  private static final Duration WHILE = Form.pick(Duration.ofSeconds(2), Duration.ofSeconds(60));
  private static final int RATE = Form.pick(5_000, 20_000);
  private static final Load LOAD = Load.perSecond(RATE, 16, 100);
  private static final int LANES = 16;

  /** Probes often enough that what is measured is the draining. */
  private static final String DELIVERY =
      """
        delivery:
          buffer: {size: 8Gi, age: 1h}
          retry: {initial: 100ms, max: 1s}
      """;

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private final ScriptedBackend backend = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    backend.close();
  }

  static Stream<Arguments> outages() {
    Consumer<ScriptedBackend> refuse = backend -> backend.network(Gate.State.SHUT);
    Consumer<ScriptedBackend> swallow = backend -> backend.network(Gate.State.SILENT);
    Consumer<ScriptedBackend> unavailable =
        backend -> backend.behave(Behaviour.answering(Status.Code.UNAVAILABLE));
    Stream<Arguments> all =
        Stream.of(
            arguments("refused", WHILE, refuse),
            arguments("black-holed", WHILE, swallow),
            arguments("unavailable", WHILE, unavailable));
    Arguments tenMinutes = arguments("refused for ten minutes", Duration.ofMinutes(10), refuse);
    return Stream.concat(all, Form.pick(Stream.<Arguments>of(), Stream.of(tenMinutes)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("outages")
  void shouldDeliverEverythingInOrderAndDrainFiveTimesFasterThanItCame(
      String name, Duration length, Consumer<ScriptedBackend> outage) {
    caravan.write("traces.yaml", Stage.pipeline("traces", backend) + DELIVERY);
    caravan.start();
    try (Stage stage = new Stage("outage, " + name, caravan, LOAD, backend)) {
      stage.sendUntilAcknowledged(RATE / 2);
      outage.accept(backend);

      stage.sendFor(length.dividedBy(3));
      caravan.process().terminate();
      caravan.process().awaitExit(Duration.ofSeconds(2));
      startAgain();
      stage.sendFor(length.dividedBy(3));
      caravan.process().kill();
      startAgain();
      stage.sendFor(length.dividedBy(3));

      Account account = mend(stage);
      assertThat(account)
          .lostNothingOf(RATE * length.toSeconds() / 2)
          .keptTheOrderOfEachSender()
          .duplicatedAtMost(2 * (LOAD.inFlight() + (long) LANES * backend.arrivals().largest()))
          .refusedNothing()
          .stayedWithinMebibytes(512);
    }
  }

  private void startAgain() {
    caravan.launch();
    caravan.awaitReady();
  }

  /** Brings the backend back and holds what it then gets, and when, to the promise. */
  private Account mend(Stage stage) {
    stage.finish();
    long before = backend.arrivals().numbers().size();
    backend.behave(Behaviour.accepting());
    backend.network(Gate.State.OPEN);
    Awaitility.await("the first probe that succeeds")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> backend.arrivals().numbers().size() > before);
    Account account = stage.settle(Duration.ofMinutes(5)).getFirst();
    double perSecond = (account.delivered() - before) * 1e9 / account.drain().toNanos();
    Assertions.assertThat(perSecond)
        .as("records a second of the backlog, which came at %d", RATE)
        .isGreaterThan(5.0 * RATE);
    return account;
  }
}
