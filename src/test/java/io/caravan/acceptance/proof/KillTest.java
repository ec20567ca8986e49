/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kill -9} under load, and while it starts with a backlog. */
class KillTest {
  private static final int ROUNDS = Form.pick(1, 25);
  private static final int KILLS_A_ROUND = 4;
  private static final int LANES = 16;
  private static final Load LOAD = Load.perSecond(5_000, 8, 50);

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private final ScriptedBackend backend = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    backend.close();
  }

  @Test
  void shouldLoseNothingWhenKilledAgainAndAgainUnderLoadAndWhileItStartsWithABacklog() {
    caravan.write("traces.yaml", Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage("kill", caravan, LOAD, backend)) {
      for (int round = 0; round < ROUNDS; round++) {
        stage.sendUntilAcknowledged(1_000);
        stage.sendFor(upTo(500));
        caravan.process().kill();
        caravan.launch();
        caravan.awaitReady();

        stage.sendUntilAcknowledged(1_000);
        backend.network(Gate.State.SHUT);
        stage.sendFor(upTo(500));
        caravan.process().kill();
        for (int start = 0; start < 2; start++) {
          caravan.launch();
          stage.sendFor(upTo(1_500));
          caravan.process().kill();
        }
        caravan.launch();
        caravan.awaitReady();
        backend.network(Gate.State.OPEN);
      }
      stage.sendUntilAcknowledged(1_000);

      Account account = stage.settle(Duration.ofSeconds(30)).getFirst();

      // What was on its way to the backend and from the senders at each kill.
      long inFlight = LOAD.inFlight() + (long) LANES * backend.arrivals().largest();
      assertThat(account)
          .lostNothingOf(3_000)
          .duplicatedAtMost((long) ROUNDS * KILLS_A_ROUND * inFlight)
          .keptTheOrderOfEachSender()
          .refusedNothing();
      assertThatTheBooksAgree(account);
    }
  }

  /** Those of the last process, which has inherited what those before it counted. */
  private void assertThatTheBooksAgree(Account account) {
    Awaitility.await().until(() -> Books.of(caravan, "traces").queued() == 0);
    Books books = Books.of(caravan, "traces");
    System.out.println("proof scenario=\"kill\" " + books);
    Assertions.assertThat(books.missing()).as("not accounted for: %s", books).isZero();
    Assertions.assertThat(books.missingBytes()).as("bytes not accounted for: %s", books).isZero();
    Assertions.assertThat(books.delivered())
        .as("all was delivered: %s", books)
        .isEqualTo(books.accepted());
    // At each kill some were accepted whose senders did not hear of it, and sent them again.
    Assertions.assertThat(books.accepted())
        .as("accepted, of which the senders know")
        .isBetween(
            account.acknowledged(),
            account.acknowledged() + (long) ROUNDS * KILLS_A_ROUND * LOAD.inFlight());
  }

  private static Duration upTo(int millis) {
    return Duration.ofMillis(ThreadLocalRandom.current().nextInt(millis));
  }
}
