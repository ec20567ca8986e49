/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import io.caravan.journal.DiskFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;

/**
 * A process that adds letters without end, says on its standard output which it was told to be
 * stored and which it purges, and waits to be killed.
 */
final class KilledBurier {
  private static final int UNANSWERED = 8;

  private KilledBurier() {}

  public static void main(String[] arguments) throws Exception {
    DeadLetters letters =
        DeadLetters.open(
            DiskFolder.at(Path.of(arguments[0])),
            new DeadLetterSettings(1 << 20, Duration.ofDays(1), 1 << 30),
            new DeadLetterListener() {
              @Override
              public void dropped(Cause cause, StoredDeadLetter letter) {
                say("D " + letter.header().message());
              }
            });
    Semaphore room = new Semaphore(UNANSWERED);
    for (int i = 0; ; i++) {
      String name = arguments[1] + "-" + i;
      room.acquireUninterruptibly();
      letters.add(
          "a",
          new DeadLetter(
              new DeadLetterHeader(
                  "refused", "", name, Instant.now(), Instant.now(), (byte) 0, (byte) 0, 1),
              TestLetters.payload(name + " ".repeat(5_000))),
          cause -> {
            say((cause == null ? "S " : "F ") + name);
            room.release();
          });
    }
  }

  private static void say(String line) {
    PrintStream out = System.out;
    out.print(line + "\n");
    out.flush();
  }
}
