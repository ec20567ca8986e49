/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawGrpc;
import io.grpc.CallOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a sender's OK means at each level of {@code spec.delivery.acknowledge}. */
class AcknowledgeLevelsTest {
  private static final Load LOAD = Load.perSecond(Form.pick(4_000, 20_000), 8, 50);
  private static final Duration A_WHILE = Form.pick(Duration.ofSeconds(1), Duration.ofSeconds(20));
  private static final int LANES = 16;
  private static final int RECORDS = 10;

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private final ScriptedBackend backend = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    backend.close();
  }

  @Test
  void shouldLoseNothingAndKeepTheOrderWhenTheLevelChangesUnderLoad() {
    acknowledge("memory");
    caravan.start();
    try (Stage stage = new Stage("levels", caravan, LOAD, backend)) {
      stage.sendUntilAcknowledged(500);
      for (String level : List.of("disk", "delivered", "disk")) {
        acknowledge(level);
        stage.sendFor(A_WHILE);
        stage.sendUntilAcknowledged(500);
      }
      // What was acknowledged at disk meanwhile waits there when the process is killed.
      backend.network(Gate.State.SHUT);
      stage.sendUntilAcknowledged(500);
      caravan.process().kill();
      caravan.launch();
      caravan.awaitReady();
      backend.network(Gate.State.OPEN);
      stage.sendUntilAcknowledged(500);

      Account account = stage.settle(Duration.ofSeconds(30)).getFirst();

      // Refusals are not counted: grpc-java calls a connection that a kill cuts UNKNOWN.
      assertThat(account)
          .lostNothingOf(3_000)
          .duplicatedAtMost(2 * (LOAD.inFlight() + (long) LANES * backend.arrivals().largest()))
          .keptTheOrderOfEachSender();
    }
    Awaitility.await().until(() -> Books.of(caravan, "traces").queued() == 0);
    Assertions.assertThat(Books.of(caravan, "traces").missing()).isZero();
  }

  @Test
  void shouldAnswerAtDeliveredWhenTheBackendHasItAndWithdrawWhatItsSenderGaveUp() {
    acknowledge("delivered");
    caravan.start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                "127.0.0.1", caravan.grpcPort(), InsecureChannelCredentials.create())
            .build();
    try {
      backend.behave(Behaviour.answeringAfter(Duration.ofMillis(400)));
      long began = System.nanoTime();
      send(channel, 1, Duration.ofSeconds(10));
      Assertions.assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isGreaterThanOrEqualTo(Duration.ofMillis(400));
      Assertions.assertThat(arrived()).isEqualTo(RECORDS);

      backend.behave(Behaviour.silent());
      long before = backend.requests();
      Assertions.assertThatThrownBy(() -> send(channel, 2, Duration.ofMillis(700)))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e ->
                  Assertions.assertThat(e.getStatus().getCode())
                      .isEqualTo(Status.Code.DEADLINE_EXCEEDED));
      Assertions.assertThat(backend.requests()).as("it was tried").isGreaterThan(before);

      backend.behave(Behaviour.accepting());
      send(channel, 3, Duration.ofSeconds(10));
      // The backend has had time for what was given up: it comes no more.
      Awaitility.await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(3))
          .until(() -> arrived() == 2 * RECORDS);
      Books books = Books.of(caravan, "traces");
      Assertions.assertThat(books.accepted()).isEqualTo(2 * RECORDS);
      Assertions.assertThat(books.delivered()).isEqualTo(2 * RECORDS);
      Assertions.assertThat(books.missing()).isZero();
    } finally {
      channel.shutdownNow();
    }
  }

  private long arrived() {
    return backend.arrivals().numbers().size();
  }

  private static void send(ManagedChannel channel, int sender, Duration deadline) {
    byte[] _ =
        ClientCalls.blockingUnaryCall(
            channel,
            RawGrpc.method(OtlpMethod.TRACES.fullName()),
            CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS),
            NumberedSpans.request(sender, 0, RECORDS));
  }

  private void acknowledge(String level) {
    caravan.write(
        "traces.yaml",
        Stage.pipeline("traces", backend) + "  delivery:\n    acknowledge: " + level + "\n");
  }
}
