/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.PlannedKamelet;
import io.caravan.signal.TestBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The routes of a deleted pipeline")
class DeletedPipelineTest {
  private static final PlannedKamelet SINK =
      TestPlans.nonBlocking("sink", "- process: {ref: backend}");
  private static final PipelinePlan LIVE = TestPlans.pipeline("demo", "v1", SINK);
  private static final PipelinePlan ANEW = second(LIVE);

  @TempDir Path data;

  private final AtomicBoolean away = new AtomicBoolean(true);
  private final Collection<String> arrived = new ConcurrentLinkedQueue<>();
  private Journal journal;
  private DeadLetters deadLetters;
  private NodeFixture node;

  @BeforeEach
  void start() throws Exception {
    journal =
        Journal.open(
            DiskFolder.at(data.resolve("journal")),
            JournalSettings.of(1 << 30).withFreePercent(0),
            JournalListener.NONE);
    deadLetters =
        DeadLetters.open(
            DiskFolder.at(data.resolve("dead-letters")),
            DeadLetterSettings.DEFAULT,
            DeadLetterListener.NONE);
    node = new NodeFixture(journal, deadLetters);
    Processor backend =
        exchange -> {
          if (away.get()) {
            throw new IOException("away");
          }
          arrived.add(exchange.getFromRouteId());
        };
    node.bind("backend", backend);
    node.start(TestPlans.plan(LIVE));
  }

  @AfterEach
  void stop() {
    node.close();
    deadLetters.close();
    journal.close();
  }

  @Test
  void shouldStayUntilTheRestIsDeliveredBesideThoseOfAnotherWithTheSameConfiguration() {
    assertThat(node.send(TestBatches.spans(1))).isEmpty();

    node.node.apply(TestPlans.plan(LIVE.deleted(Instant.now()), ANEW));

    assertThat(Objects.requireNonNull(node.node.remainders().get(LIVE.id())).records())
        .isEqualTo(1);
    assertThat(routes()).containsExactlyInAnyOrder(route(LIVE), route(ANEW));
    away.set(false);
    assertThat(node.send(TestBatches.spans(1))).isEmpty();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(arrived).hasSize(2).doesNotHaveDuplicates());
    await().untilAsserted(() -> assertThat(node.node.remainders()).isEmpty());

    node.node.apply(TestPlans.plan(ANEW));

    await().untilAsserted(() -> assertThat(routes()).containsExactly(route(ANEW)));
  }

  @Test
  void shouldNotBeLoadedForOneThatHasNothingLeft() throws Exception {
    node.close();
    node = new NodeFixture(journal, deadLetters);

    node.start(TestPlans.plan(LIVE.deleted(Instant.now())));

    assertThat(routes()).isEmpty();
    assertThat(node.node.remainders()).isEmpty();
    assertThat(node.send(TestBatches.spans(1))).isPresent();
  }

  private List<String> routes() {
    return node.node.context().getRoutes().stream()
        .map(Route::getRouteId)
        .filter(id -> id.startsWith("tracepipeline-") && !id.endsWith("-sink"))
        .toList();
  }

  private static String route(PipelinePlan plan) {
    return plan.routes().orElseThrow().routeId();
  }

  /** The same, made anew: as the planner does it, with the uid in the digest. */
  private static PipelinePlan second(PipelinePlan plan) {
    PipelineRoutes routes = plan.routes().orElseThrow();
    String digest = "222222222222";
    String yaml =
        routes
            .yaml()
            .replace(routes.digest(), digest)
            .replace(
                "      - name: digest",
                "      - name: uid\n        value: '2'\n      - name: digest");
    return new PipelinePlan(
        new PipelineId(PipelineKind.TRACE, plan.id().name(), "2"),
        plan.configurationGenerated(),
        List.of(),
        Delivery.DEFAULT,
        Optional.of(
            new PipelineRoutes(
                digest,
                routes.routeId().replace(routes.digest(), digest),
                yaml,
                routes.kamelet(),
                routes.values(),
                routes.destination())));
  }
}
