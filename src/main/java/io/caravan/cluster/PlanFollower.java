/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import io.caravan.plan.Plan;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.ShardReading;
import io.caravan.plan.shard.Unread;
import io.caravan.standalone.DataPlane;
import io.caravan.standalone.PlaneLog;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one plan of what is watched, what is mounted and what ran last, for each shard the first of
 * these that there is, and runs it. One thread; the rest may be called from any.
 */
public final class PlanFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  /** For how long a start waits for the API server if there is something that it can run. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long LOOK_MILLIS = 1_000;

  private final Supplier<SortedMap<Integer, Shard>> watched;
  private final PlanMount mount;
  private final LastPlan last;
  private final DataPlane plane;
  private final Duration patience;
  private final PlaneLog log = new PlaneLog();
  private final Semaphore changes = new Semaphore(0);
  private final RetryPace retry = new RetryPace();
  private final Thread thread = Thread.ofPlatform().name("plan").unstarted(this::run);

  private Runnable running = () -> {};
  private Consumer<Exception> failed = _ -> {};
  private Set<Unread> told = Set.of();
  private volatile Plan applied = Plan.EMPTY;
  private volatile List<Unread> unread = List.of();
  private volatile boolean started;
  private volatile boolean closing;

  PlanFollower(
      Supplier<SortedMap<Integer, Shard>> watched,
      PlanMount mount,
      LastPlan last,
      DataPlane plane,
      Duration patience) {
    this.watched = watched;
    this.mount = mount;
    this.last = last;
    this.plane = plane;
    this.patience = patience;
  }

  /**
   * Follows a plan.
   *
   * @param watched see {@link PlanWatch}; empty until there is one
   */
  public static PlanFollower of(
      Supplier<Optional<PlanWatch>> watched, PlanMount mount, LastPlan last, DataPlane plane) {
    return new PlanFollower(
        () -> watched.get().map(PlanWatch::shards).orElseGet(TreeMap::new),
        mount,
        last,
        plane,
        PATIENCE);
  }

  /**
   * Runs the first plan when there is one, and each that follows.
   *
   * @param running is called when the first runs
   * @param failed is called, and nothing more happens, if the data plane does not start
   */
  public void start(Runnable running, Consumer<Exception> failed) {
    this.running = running;
    this.failed = failed;
    thread.start();
  }

  /** What is watched may be something else now. Never waits. */
  public void changed() {
    changes.release();
  }

  /** What runs, or is to. */
  public Plan plan() {
    return applied;
  }

  /** The entries that could not be taken when the plan was last looked at. */
  public List<Unread> unread() {
    return unread;
  }

  private void run() {
    long since = System.nanoTime();
    try {
      while (!closing) {
        look(System.nanoTime() - since >= patience.toNanos());
        boolean _ = changes.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        int _ = changes.drainPermits();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      failed.accept(e);
    }
  }

  private void look(boolean waitedLongEnough) throws Exception {
    SortedMap<Integer, Shard> shards = watched.get();
    boolean complete = shards.size() == Shard.COUNT;
    if (!complete) {
      SortedMap<Integer, Shard> known = last.read();
      known.putAll(mount.read());
      known.putAll(shards);
      shards = known;
    }
    if (!started && !complete && (shards.isEmpty() || !waitedLongEnough)) {
      return;
    }
    ShardReading reading = ShardReading.of(shards.values());
    unread = reading.unread();
    tell(reading.unread());
    Plan next = reading.over(applied);
    if (!started) {
      last.write(shards.values());
      applied = next;
      plane.start(next);
      started = true;
      running.run();
    } else if (!next.equals(applied) || retry.isDue()) {
      last.write(shards.values());
      applied = next;
      apply(next);
    }
    log.look(applied, plane);
  }

  private void apply(Plan next) {
    try {
      plane.apply(next);
      retry.succeeded();
    } catch (RuntimeException e) {
      retry.failed();
      LOG.error("A plan could not be applied; it is tried again", e);
    }
  }

  private void tell(List<Unread> now) {
    for (Unread each : now) {
      if (!told.contains(each)) {
        LOG.atInfo()
            .addKeyValue("entry", each.key())
            .addKeyValue("why", each.why())
            .log("Entry of the plan not taken yet");
      }
    }
    told = new HashSet<>(now);
  }

  /** Follows no more, and stops the data plane, within its own bound. */
  @Override
  public void close() {
    closing = true;
    changes.release();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    plane.close();
  }
}
