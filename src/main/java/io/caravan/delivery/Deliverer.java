/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Delivers the batches of one pipeline: in lanes, in portions, with retries, for as long as their
 * age allows. See docs/decisions/0013-delivery.md.
 *
 * <p>Thread-safe, and without a thread of its own: it works on the threads of those who call it, of
 * the timer, and of the connector that answers. None of its calls blocks. Listeners and connectors
 * are called without any lock held and may call back.
 */
public final class Deliverer {
  private final Timer timer;
  private final Guard guard = new Guard();

  private final Lanes lanes;
  private final Room room;
  private final Backoff backoff;
  private final Breaker breaker;
  private final PortionSize portionSize;
  private final Endings endings;
  private final Failures failures = new Failures();
  private final Waiting waiting;
  private final Pump pump;
  private final Runnable roomAgain;
  private final Attempts attempts;
  private final Closing closing;

  /**
   * A deliverer that waits for what is offered.
   *
   * @param random for jitter; used by one thread at a time
   * @param roomAgain called, from any thread, when there is room again after an offer that found
   *     none
   */
  public Deliverer(
      DeliverySettings settings,
      Output output,
      Timer timer,
      RandomGenerator random,
      Runnable roomAgain) {
    this.timer = timer;
    this.roomAgain = roomAgain;
    backoff = new Backoff(settings.retry(), random);
    lanes = new Lanes(settings.order(), settings.lanes());
    room = new Room(settings);
    breaker = new Breaker(backoff, timer.nanoTime());
    portionSize = new PortionSize(settings.portion(), settings.attemptTimeout());
    endings = new Endings(room, roomAgain);
    Judgement judgement = new Judgement(breaker, backoff, portionSize, endings, failures, timer);
    waiting = new Waiting(lanes, room, endings, breaker, timer);
    attempts = new Attempts(guard, settings, output, timer, judgement, endings, this::goOn);
    closing = new Closing(lanes, room, endings, attempts);
    Wake wake = new Wake(timer, this::look);
    pump =
        new Pump(
            lanes,
            attempts,
            breaker,
            portionSize,
            endings,
            failures,
            timer,
            wake,
            settings.maxAge());
  }

  /**
   * Takes a delivery over, with its reference to the batch, and tells its listener how it ended.
   * False, and it stays the caller's, if there is no room for it or the deliverer is closed; then
   * {@code roomAgain} is called when to ask again.
   */
  public boolean offer(Delivery delivery) {
    return guard.call(
        effects -> {
          if (pump.isClosed()) {
            return false;
          }
          Lane lane = lanes.of(delivery.sender(), timer.nanoTime());
          Progress progress = new Progress(delivery, lane);
          if (!room.enter(progress)) {
            return false;
          }
          lanes.add(lane, new Item(progress, delivery.batch()));
          pump.one(lane, effects);
          return true;
        });
  }

  /**
   * Nobody waits any more for the end of a delivery that had its {@code until}: what of it is not
   * under way ends as withdrawn now, and what is, if its attempt fails.
   */
  public void callOff(Delivery delivery) {
    guard.run(effects -> waiting.callOff(delivery, effects));
  }

  /**
   * Gives up the oldest of what waits and is kept, at least so many bytes of requests if there are
   * as many; what is under way, was divided or is waited for stays.
   *
   * @return the bytes that were given up
   */
  public long displace(long bytes) {
    return guard.call(effects -> waiting.displace(bytes, effects));
  }

  /**
   * For how long nothing is tried that would be offered now, so that whoever waits for a delivery
   * does so in vain: the backend is dead, the deliverer is paused, or its sender's lane waits for
   * longer than until then. Empty if it may be tried. A moment's view.
   */
  public Optional<Duration> standstill(Delivery delivery) {
    return guard.call(
        _ -> pump.standstill(room.deliveries() > 0).or(() -> waiting.tooLate(delivery)));
  }

  /**
   * From now on everything goes to another output, at once and as if nothing had failed; what is
   * under way to the one before may still arrive there, and goes to the new one if it does not.
   */
  public void switchTo(Output next) {
    guard.run(
        effects -> {
          long now = timer.nanoTime();
          attempts.switchTo(next);
          breaker.reset(now);
          portionSize.reset();
          failures.delivered();
          lanes.forEach(lane -> lane.reset(now));
          pump.all(effects);
        });
  }

  /**
   * Other settings from now on; the number of lanes stays. When the order changes, what waits may
   * be overtaken once.
   */
  public void change(DeliverySettings next) {
    guard.run(
        effects -> {
          backoff.change(next.retry());
          portionSize.change(next.portion(), next.attemptTimeout());
          lanes.change(next.order());
          attempts.change(next);
          pump.change(next.maxAge());
          if (room.change(next)) {
            effects.add(roomAgain);
          }
          pump.all(effects);
        });
  }

  /**
   * Begins no attempt until {@link #resume}; those under way go on. What somebody waits for ends as
   * withdrawn, unless it is under way.
   */
  public void pause() {
    guard.run(
        effects -> {
          pump.flow(Pump.Flow.PAUSED);
          waiting.all(effects);
        });
  }

  public void resume() {
    guard.run(
        effects -> {
          pump.flow(Pump.Flow.RUNNING);
          pump.all(effects);
        });
  }

  /**
   * Is about to be closed: what fails from now on is not tried again while somebody waits for it.
   */
  public void stopSoon() {
    guard.run(waiting::stopSoon);
  }

  /**
   * Takes and begins nothing any more. What waits ends as {@link Ending.Left} at once; what is
   * under way when it fails, or at the deadline.
   *
   * @return completes when all deliveries have ended
   */
  public CompletableFuture<Void> close(Duration deadline) {
    guard.run(
        effects -> {
          if (!pump.isClosed()) {
            pump.flow(Pump.Flow.CLOSED);
            effects.add(() -> timer.schedule(() -> guard.run(closing::abandon), deadline));
          }
          closing.leaveWaiting(effects);
        });
    return closing.done();
  }

  /** How it stands at this moment. */
  public DeliveryState state() {
    return guard.call(
        _ ->
            new DeliveryState(
                room.deliveries(),
                room.records(),
                room.bytes(),
                attempts.underWay(),
                attempts.leftBehind(),
                !breaker.isClosed(),
                Optional.ofNullable(failures.current()),
                pump.nextTry(),
                attempts.tally().counts()));
  }

  /** How many more bytes there is room for at this moment. */
  public long room() {
    return guard.call(_ -> room.free());
  }

  private void look() {
    guard.run(pump::look);
  }

  /** An attempt has been judged, or its connector has let go. */
  private void goOn(Lane lane, Effects effects) {
    if (pump.isClosed()) {
      closing.judged(lane, effects);
    } else {
      waiting.judged(lane, effects);
      pump.all(effects);
    }
  }
}
