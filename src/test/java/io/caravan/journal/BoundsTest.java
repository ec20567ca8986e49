/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.Reservation.FILE_SYSTEM_FULL;
import static io.caravan.journal.Reservation.GRANTED;
import static io.caravan.journal.Reservation.JOURNAL_FULL;
import static io.caravan.journal.Reservation.PLACE_FULL;
import static io.caravan.journal.Reservation.REMOVED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final long BYTES = 1000;

  private final Bounds bounds = new Bounds(BYTES, 50);

  @Test
  void shouldGiveAPlaceThatIsAloneAllOfTheJournal() {
    Bounds.Share share = bounds.open();

    assertThat(share.reserve(BYTES)).isEqualTo(GRANTED);
    assertThat(share.reserve(1)).isEqualTo(JOURNAL_FULL);
    share.release(1);
    assertThat(share.reserve(1)).isEqualTo(GRANTED);
  }

  @Test
  void shouldNeverTakeTheShareOfANeighbour() {
    Bounds.Share greedy = bounds.open();
    Bounds.Share first = bounds.open();

    fill(greedy);
    assertThat(greedy.used()).isEqualTo(750);
    fill(first);
    assertThat(first.used()).isEqualTo(250);

    // A third makes every share smaller, and has its own although the journal is full.
    Bounds.Share second = bounds.open();
    fill(second);
    assertThat(second.used()).isEqualTo(BYTES / 2 / 3);
  }

  @Test
  void shouldSayWhatAPlaceCouldUse() {
    Bounds.Share share = bounds.open();
    assertThat(share.most()).isEqualTo(BYTES);

    Bounds.Share other = bounds.open();
    assertThat(share.most()).isEqualTo(750);
    share.limit(600);
    assertThat(share.most()).isEqualTo(600);

    fill(other);
    fill(share);
    assertThat(share.most()).as("all that is left").isEqualTo(share.used());
    bounds.fileSystem(50, 100);
    assertThat(other.most()).isEqualTo(other.used());
  }

  @Test
  void shouldRefuseAtTheBoundOfThePlaceItself() {
    Bounds.Share share = bounds.open();
    share.limit(100);

    assertThat(share.reserve(60)).isEqualTo(GRANTED);
    assertThat(share.reserve(41)).isEqualTo(PLACE_FULL);
    assertThat(share.reserve(40)).isEqualTo(GRANTED);
  }

  @Test
  void shouldSetAsideNoMoreThanAPlaceMayTake() {
    Bounds.Share small = bounds.open();
    small.limit(10);
    Bounds.Share large = bounds.open();

    fill(large);

    assertThat(large.used()).isEqualTo(990);
  }

  @Test
  void shouldLetOneThatIsLargerThanItsBoundPassAlone() {
    Bounds.Share share = bounds.open();
    share.limit(100);

    assertThat(share.reserve(101)).isEqualTo(GRANTED);
    assertThat(share.reserve(1)).isEqualTo(PLACE_FULL);
    share.release(101);
    assertThat(share.reserve(1)).isEqualTo(GRANTED);
  }

  @Test
  void shouldLeaveTheFileSystemWhatHasToStay() {
    Bounds.Share share = bounds.open();
    bounds.fileSystem(150, 100);

    assertThat(share.reserve(51)).isEqualTo(FILE_SYSTEM_FULL);
    assertThat(share.reserve(50)).isEqualTo(GRANTED);
    assertThat(share.reserve(1)).isEqualTo(FILE_SYSTEM_FULL);
    bounds.fileSystem(200, 100);
    assertThat(share.reserve(1)).isEqualTo(GRANTED);
  }

  @Test
  void shouldGiveARemovedPlaceNothingAndOthersItsRoom() {
    Bounds.Share removed = bounds.open();
    Bounds.Share stays = bounds.open();
    fill(removed);

    removed.close();
    removed.release(10);

    assertThat(removed.reserve(1)).isEqualTo(REMOVED);
    fill(stays);
    assertThat(stays.used()).isEqualTo(BYTES);
  }

  @Test
  void shouldAlwaysGrantAShareWhateverTheOthersDo() {
    SplittableRandom random = new SplittableRandom(7);
    List<Bounds.Share> shares = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      shares.add(bounds.open());
    }
    for (int i = 0; i < 20_000; i++) {
      Bounds.Share share = shares.get(random.nextInt(shares.size()));
      long bytes = random.nextInt(1, 120);
      long used = share.used();
      if (random.nextBoolean() && used > 0) {
        share.release(Math.min(used, bytes));
      } else {
        Reservation answer = share.reserve(bytes);
        if (used + bytes <= BYTES / 2 / 5) {
          assertThat(answer).isEqualTo(GRANTED);
        }
      }
      assertThat(bounds.used()).isBetween(0L, BYTES);
    }
  }

  private static void fill(Bounds.Share share) {
    while (share.reserve(1) == GRANTED) {
      assertThat(share.used()).isLessThanOrEqualTo(BYTES);
    }
  }
}
