/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static io.caravan.delivery.ScriptedConnector.BAD;
import static io.caravan.delivery.ScriptedConnector.BIG;
import static io.caravan.delivery.ScriptedConnector.DOWN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Delivery.Order;
import io.caravan.delivery.ScriptedConnector.Sent;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the backend, the clock and the operator do: every delivery ends, once, as it should. */
@ExtendWith(NoLeaks.class)
class RandomDeliveryTest {
  /** With paranoid leak detection a round takes some milliseconds. */
  private static final int ROUNDS = 60;

  private static final int STEPS = 250;

  @ParameterizedTest
  @EnumSource(Order.class)
  void shouldEndEveryDeliveryOnceAndHoldNothingAfterwards(Order order) {
    Map<Class<?>, Integer> endings = new HashMap<>();
    for (int seed = 0; seed < ROUNDS; seed++) {
      new Run(order, seed).run().forEach((kind, n) -> endings.merge(kind, n, Integer::sum));
    }
    assertThat(endings.keySet())
        .containsExactlyInAnyOrder(
            Ending.Delivered.class,
            Ending.Refused.class,
            Ending.Expired.class,
            Ending.Withdrawn.class,
            Ending.Displaced.class,
            Ending.Left.class,
            Ending.Divided.class);
  }

  private static final class Run {
    private final Random random;
    private final DelivererFixture fixture;
    private final Order order;
    private final String seed;
    private final List<Delivery> offered = new ArrayList<>();
    private final List<Sent> held = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    Run(Order order, int seed) {
      this.random = new Random(seed);
      this.order = order;
      this.seed = "seed " + seed;
      this.fixture =
          new DelivererFixture(
              new DeliverySettings(
                  order,
                  1 + random.nextInt(6),
                  new PortionSettings(20, 100, 4_000),
                  DeliverySettings.DEFAULT.retry(),
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(20),
                  200_000,
                  100_000));
      fixture.connector.script(this::answer);
    }

    Map<Class<?>, Integer> run() {
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      if (random.nextBoolean()) {
        drain();
      }
      var closed = fixture.deliverer.close(Duration.ofSeconds(1));
      fixture.pass(1);
      assertThat(closed).as(seed).isCompleted();
      held.forEach(sent -> sent.answer(Outcome.Delivered.ALL));

      Map<Class<?>, Integer> kinds = new HashMap<>();
      for (Delivery delivery : offered) {
        Ending ending = fixture.ending(delivery.position());
        kinds.merge(ending.getClass(), 1, Integer::sum);
        assertTruth(delivery, ending);
      }
      assertThat(fixture.endings).as(seed).hasSize(offered.size());
      fixture.assertNothingIsHeld();
      return kinds;
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> offer();
        case 5, 6 -> fixture.time.pass(Duration.ofMillis(random.nextInt(3_000)));
        case 7, 8 -> {
          if (!held.isEmpty()) {
            Sent sent = held.remove(random.nextInt(held.size()));
            sent.answer(judged(sent));
            if (random.nextInt(10) == 0) {
              sent.answerAgain(Outcome.Delivered.ALL);
            }
          }
        }
        case 9 -> {
          if (!offered.isEmpty()) {
            if (random.nextBoolean()) {
              fixture.deliverer.callOff(offered.get(random.nextInt(offered.size())));
            } else {
              fixture.deliverer.displace(random.nextInt(2_000));
            }
          }
        }
        case 10 -> {
          if (random.nextInt(5) == 0) {
            fixture.deliverer.switchTo(new Output(fixture.connector, Runnable::run));
          }
        }
        default -> {
          fixture.deliverer.pause();
          fixture.time.pass(Duration.ofMillis(random.nextInt(2_000)));
          fixture.deliverer.resume();
        }
      }
    }

    private void offer() {
      Delivery delivery =
          fixture.delivery(random.nextInt(4), random.nextInt(30), random.nextInt(100));
      if (fixture.deliverer.offer(delivery)) {
        offered.add(delivery);
      } else {
        delivery.batch().release();
      }
    }

    private @Nullable Outcome answer(Sent sent) {
      if (random.nextInt(3) == 0) {
        held.add(sent);
        return null;
      }
      if (random.nextInt(30) == 0) {
        sent.release();
        throw new IllegalStateException("boom");
      }
      return judged(sent);
    }

    private Outcome judged(Sent sent) {
      Outcome outcome =
          switch (random.nextInt(9)) {
            case 0, 1, 2, 3 -> Outcome.Delivered.ALL;
            case 4, 5 -> new Outcome.RetryLater(DOWN, null);
            case 6 -> new Outcome.RetryLater(DOWN, Duration.ofSeconds(random.nextInt(40)));
            case 7 -> new Outcome.Refused(BAD);
            default ->
                random.nextInt(3) == 0 ? new Outcome.Misconfigured(BAD) : new Outcome.TooLarge(BIG);
          };
      if (outcome instanceof Outcome.Delivered) {
        taken.addAll(sent.spans());
      }
      return outcome;
    }

    private void drain() {
      fixture.connector.script(
          sent -> {
            taken.addAll(sent.spans());
            return Outcome.Delivered.ALL;
          });
      List.copyOf(held).forEach(sent -> sent.answer(new Outcome.RetryLater(DOWN, null)));
      held.clear();
      fixture.pass(600);
      assertThat(fixture.deliverer.state().deliveries()).as(seed).isZero();
    }

    /** What is said to be delivered has arrived. */
    private void assertTruth(Delivery delivery, Ending ending) {
      List<String> spans = fixture.names.get(delivery.position());
      switch (ending) {
        case Ending.Delivered _ -> assertThat(taken).as(seed + order).containsAll(spans);
        case Ending.Divided divided -> {
          List<String> arrived = new ArrayList<>(spans);
          requireNonNull(fixture.rest.get(delivery.position())).forEach(arrived::removeAll);
          assertThat(taken).as(seed).containsAll(arrived);
          assertThat(arrived).as(seed).hasSize(divided.delivered());
        }
        case Ending.Refused _,
            Ending.Expired _,
            Ending.Withdrawn _,
            Ending.Displaced _,
            Ending.Left _ -> {}
      }
    }
  }
}
