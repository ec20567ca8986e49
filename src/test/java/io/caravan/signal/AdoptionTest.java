/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static io.caravan.signal.KeepingPipelines.DOWN;
import static io.caravan.signal.KeepingPipelines.QUICK;
import static io.caravan.signal.KeepingPipelines.UP;
import static io.caravan.signal.KeepingPipelines.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.ForgetfulFolder;
import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalFolder;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.observe.ledger.Ledger;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Signal;
import io.caravan.signal.books.PlaceBook;
import io.caravan.signal.books.PlaceBooks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A journal that another instance has left")
@ExtendWith(NoLeaks.class)
class AdoptionTest {
  private static final JournalSettings SETTINGS =
      JournalSettings.of(1 << 30).withSegmentBytes(16 << 10).withFreePercent(0);
  private static final int BATCHES = 60;

  /** What there is of a record beside its payload. */
  private record Kept(int records, long lane, long time, byte origin) {}

  @TempDir Path folder;

  @Test
  void shouldBeDeliveredOnceAndInItsOrderWhereTheOtherWasKilled() throws IOException {
    Path killed = folder.resolve("killed");
    List<Kept> left;
    try (KeepingPipelines other = new KeepingPipelines(folder.resolve("other"), SETTINGS)) {
      other.plan("demo", QUICK);
      send(other, 1, 10);
      other.awaitDelivered("demo");
      other.backend("demo", DOWN);
      send(other, 11, BATCHES);
      left = kept(other.place("demo"));
      // What SIGKILL leaves: the files as they are in this moment.
      copy(folder.resolve("other"), killed);
    }
    try (KeepingPipelines own = new KeepingPipelines(folder.resolve("own"), SETTINGS);
        Journal orphan = open(killed)) {
      own.plan("demo", QUICK);
      own.backend("demo", DOWN);
      Adoption adoption = own.subscriptions().adoption(orphan, () -> {});

      moveAll(adoption);

      assertThat(kept(own.place("demo"))).isEqualTo(left);
      assertThat(adoption.isDone()).isTrue();
      own.backend("demo", UP);
      own.awaitDelivered("demo");
      assertThat(own.arrived("demo")).isEqualTo(IntStream.rangeClosed(11, BATCHES).sum());
    }
    try (Journal again = open(killed)) {
      assertThat(kept(again.place(id("demo").place()))).isEmpty();
      assertBalanced(again);
    }
  }

  @Test
  void shouldLoseNothingWhereverTheAdoptionIsCutOff() throws IOException {
    ForgetfulFolder source = new ForgetfulFolder();
    ForgetfulFolder target = new ForgetfulFolder();
    fill(source);
    List<JournalFolder[]> moments = new CopyOnWriteArrayList<>();
    SplittableRandom random = new SplittableRandom(7);
    Journal journal = Journal.open(target, SETTINGS, JournalListener.NONE);
    DeadLetters letters = letters();
    Subscriptions subscriptions = subscriptions(journal, letters, DOWN);
    try (Journal orphan = Journal.open(source, SETTINGS, JournalListener.NONE)) {
      source.afterEachStep(
          () ->
              moments.add(
                  new JournalFolder[] {
                    // In this order: what the source has let go of by now has to be in the target.
                    source.afterPowerLoss(Left.EVERYTHING, random.nextLong()),
                    target.afterPowerLoss(Left.NOTHING, random.nextLong())
                  }));
      moveAll(subscriptions.adoption(orphan, () -> {}));
    }
    source.afterEachStep(() -> {});
    subscriptions.stopDelivering(Duration.ofSeconds(1)).join();
    subscriptions.close();
    letters.close();
    journal.close();

    assertThat(moments).hasSizeGreaterThan(3);
    for (JournalFolder[] moment : moments) {
      TreeSet<Integer> there = new TreeSet<>();
      for (JournalFolder each : moment) {
        try (Journal left = Journal.open(each, SETTINGS, JournalListener.NONE)) {
          kept(left.place(id("demo").place())).forEach(one -> there.add(one.records()));
        }
      }
      assertThat(there)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, BATCHES).boxed().toList());
    }
  }

  @Test
  void shouldStayWhereItIsWhileItsPipelineIsNotPlanned() throws IOException {
    ForgetfulFolder source = new ForgetfulFolder();
    fill(source);
    try (KeepingPipelines own = new KeepingPipelines(folder.resolve("own"), SETTINGS);
        Journal orphan = Journal.open(source, SETTINGS, JournalListener.NONE)) {
      own.plan("another", QUICK);
      Adoption adoption = own.subscriptions().adoption(orphan, () -> {});

      assertThat(adoption.move()).isFalse();
      assertThat(adoption.isDone()).isFalse();

      own.plan("demo", QUICK);
      moveAll(adoption);
      own.awaitDelivered("demo");
      assertThat(own.arrived("demo")).isEqualTo(IntStream.rangeClosed(1, BATCHES).sum());
    }
  }

  @Test
  void shouldDeliverTheRestOfADeletedPipelineInItsTime() throws IOException {
    ForgetfulFolder source = new ForgetfulFolder();
    fill(source);
    Instant until = Instant.now().plusSeconds(600);
    try (KeepingPipelines own = new KeepingPipelines(folder.resolve("own"), SETTINGS);
        Journal orphan = Journal.open(source, SETTINGS, JournalListener.NONE)) {
      own.plan("demo", QUICK);
      Runnable deleted =
          () -> own.subscriptions().plan(Map.of(id("demo"), QUICK), Map.of(id("demo"), until));
      deleted.run();
      awaitNoPlace(own);
      Adoption adoption = own.subscriptions().adoption(orphan, deleted);

      moveAll(adoption);

      await().until(() -> own.arrived("demo") == IntStream.rangeClosed(1, BATCHES).sum());
      assertThat(own.subscriptions().remainders()).containsKey(id("demo"));
      adoption.end();
      awaitNoPlace(own);
    }
  }

  @Test
  void shouldDropTheRestOfADeletedPipelineWhoseTimeIsOver() throws IOException {
    ForgetfulFolder source = new ForgetfulFolder();
    fill(source);
    try (KeepingPipelines own = new KeepingPipelines(folder.resolve("own"), SETTINGS);
        Journal orphan = Journal.open(source, SETTINGS, JournalListener.NONE)) {
      own.subscriptions()
          .plan(Map.of(id("demo"), QUICK), Map.of(id("demo"), Instant.now().minusSeconds(1)));
      Adoption adoption = own.subscriptions().adoption(orphan, () -> {});

      assertThat(adoption.move()).isFalse();

      assertThat(adoption.isDone()).isTrue();
    }
  }

  private static void awaitNoPlace(KeepingPipelines own) {
    await().until(() -> own.journal().find(id("demo").place()).isEmpty());
  }

  @Test
  void shouldLeaveRoomForLiveDataWhereTheBackendIsAway() throws IOException {
    ForgetfulFolder source = new ForgetfulFolder();
    fill(source);
    try (KeepingPipelines own = new KeepingPipelines(folder.resolve("own"), SETTINGS);
        Journal orphan = Journal.open(source, SETTINGS, JournalListener.NONE)) {
      own.plan("demo", bounded(16 << 10));
      own.backend("demo", DOWN);
      Adoption adoption = own.subscriptions().adoption(orphan, () -> {});

      while (adoption.move()) {
        assertThat(own.place("demo").pendingBytes()).isLessThanOrEqualTo(2 << 10);
      }

      assertThat(adoption.isDone()).isFalse();
      own.backend("demo", UP);
      moveAll(adoption);
      own.awaitDelivered("demo");
      assertThat(own.arrived("demo")).isEqualTo(IntStream.rangeClosed(1, BATCHES).sum());
    }
  }

  private static void moveAll(Adoption adoption) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              boolean _ = adoption.move();
              return adoption.isDone();
            });
  }

  /** A journal in which batches of 1, 2, 3 ... records wait. */
  private static void fill(ForgetfulFolder source) throws IOException {
    Journal journal = Journal.open(source, SETTINGS, JournalListener.NONE);
    DeadLetters letters = letters();
    Subscriptions subscriptions = subscriptions(journal, letters, DOWN);
    for (int records = 1; records <= BATCHES; records++) {
      OtlpBatch batch = TestBatches.spans(records);
      java.util.concurrent.CompletableFuture<Reply> reply =
          new java.util.concurrent.CompletableFuture<>();
      subscriptions.fanOut(Signal.TRACES).offer(batch, reply::complete);
      batch.release();
      assertThat(reply.join()).isInstanceOf(Reply.Taken.class);
    }
    subscriptions.stopDelivering(Duration.ofSeconds(1)).join();
    subscriptions.close();
    letters.close();
    journal.close();
  }

  private static Subscriptions subscriptions(Journal journal, DeadLetters letters, Answer answers) {
    Subscriptions subscriptions =
        new Subscriptions(
            new FanOutSettings(Duration.ofSeconds(5), 1 << 20),
            new MemoryBudget(64 << 20),
            new SimpleMeterRegistry(),
            journal,
            letters);
    subscriptions.plan(Map.of(id("demo"), QUICK));
    subscriptions.add(
        new Subscription(
            id("demo"),
            "v1",
            Selection.EVERYTHING,
            (batch, answer) -> {
              batch.release();
              answer.accept(answers);
            }));
    assertThat(subscriptions.activate(id("demo"), "v1", Runnable::run)).isCompleted();
    return subscriptions;
  }

  private static DeadLetters letters() throws IOException {
    return DeadLetters.open(
        new ForgetfulFolder(), DeadLetterSettings.DEFAULT, DeadLetterListener.NONE);
  }

  private static Delivery bounded(long bytes) {
    return new Delivery(
        QUICK.acknowledge(),
        new Delivery.Buffer(bytes, Duration.ofHours(1)),
        QUICK.whenFull(),
        QUICK.order(),
        QUICK.retry(),
        QUICK.onDelete(),
        QUICK.retain(),
        QUICK.holdInput());
  }

  private static void send(KeepingPipelines pipelines, int from, int to) {
    for (int records = from; records <= to; records++) {
      assertThat(pipelines.send(TestBatches.spans(records))).isInstanceOf(Reply.Taken.class);
    }
  }

  private static Journal open(Path data) throws IOException {
    return Journal.open(DiskFolder.at(data.resolve("journal")), SETTINGS, JournalListener.NONE);
  }

  private static List<Kept> kept(Place place) throws IOException {
    List<Kept> kept = new ArrayList<>();
    for (long at = place.oldest(); at < place.end(); ) {
      Portion portion = place.read(at, 1 << 20);
      portion
          .records()
          .forEach(
              record -> {
                kept.add(new Kept(record.records(), record.lane(), record.time(), record.origin()));
                record.payload().release();
              });
      at = portion.next();
    }
    return kept;
  }

  /** As if an instance took the folder that an adoption has left. */
  private static void assertBalanced(Journal journal) {
    Ledger ledger = new Ledger(new SimpleMeterRegistry());
    PlaceBook _ = new PlaceBooks(ledger).of(id("demo"), journal.place(id("demo").place()));
    assertThat(ledger.check()).isEmpty();
    assertThat(ledger.book(id("demo")).lines().orElseThrow())
        .noneMatch(line -> line.reason().equals("corrupt"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : files.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }
}
