/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;

/**
 * A process that appends without end, says on its standard output what it was told, and waits to be
 * killed: {@code W place text} for an entry that is written, and {@code A place text} before it
 * acknowledges one.
 */
final class KilledAppender {
  private static final int THREADS = 4;
  private static final int UNANSWERED = 8;

  private KilledAppender() {}

  public static void main(String[] arguments) throws Exception {
    String prefix = arguments[1];
    Journal journal =
        Journal.open(
            DiskFolder.at(Path.of(arguments[0])),
            JournalSettings.of(1L << 30).withSegmentBytes(64 << 10).withFreePercent(0),
            JournalListener.NONE);
    Place a = journal.place("a");
    Place b = journal.place("b");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String name = prefix + "-" + i + "-";
      SplittableRandom random = new SplittableRandom(name.hashCode());
      threads.add(Thread.ofPlatform().start(() -> appendForEver(journal, a, b, name, random)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void appendForEver(
      Journal journal, Place a, Place b, String name, SplittableRandom random) {
    Semaphore room = new Semaphore(UNANSWERED);
    for (int i = 0; ; i++) {
      room.acquireUninterruptibly();
      Place[] places =
          switch (random.nextInt(3)) {
            case 0 -> new Place[] {a};
            case 1 -> new Place[] {b};
            default -> new Place[] {a, b};
          };
      boolean acknowledges = random.nextInt(10) > 0;
      String text = name + i;
      // Of several pages, so that a write can be cut in the middle.
      Entry entry = TestEntries.entry(text + " ".repeat(random.nextInt(20_000)), places);
      journal.append(
          entry,
          new AppendListener() {
            @Override
            public void written(List<Receipt> receipts) {
              room.release();
              for (int p = 0; p < places.length; p++) {
                say("W " + places[p] + " " + text);
                if (acknowledges) {
                  say("A " + places[p] + " " + text);
                  places[p].acknowledge(receipts.get(p));
                }
              }
            }

            @Override
            public void failed(IOException cause) {
              throw new IllegalStateException(cause);
            }
          });
    }
  }

  private static void say(String line) {
    PrintStream out = System.out;
    out.print(line + "\n");
    out.flush();
  }
}
