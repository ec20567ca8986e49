/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns the first SIGTERM or SIGINT into a request to stop in good order, and the second into an
 * end at once with 128 plus the signal's number, as shells count.
 *
 * <p>A shutdown hook cannot do this: the JVM ignores signals while hooks run, and exits with 143
 * where container platforms expect 0 of a process that stopped as it was asked to.
 *
 * <p>{@code sun.misc.Signal} is the JDK's one way to be told of a signal. It is reached by
 * reflection because javac warns of its very name and takes no suppression.
 */
final class StopSignal {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicBoolean first = new AtomicBoolean(true);

  /**
   * Takes the process's signals from now on.
   *
   * @throws ReflectiveOperationException if this JVM knows no signals
   */
  static StopSignal install() throws ReflectiveOperationException {
    StopSignal stop = new StopSignal();
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    for (Map.Entry<String, Integer> one : Map.of("INT", 2, "TERM", 15).entrySet()) {
      Object received =
          Proxy.newProxyInstance(
              StopSignal.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, _) -> {
                if (method.getName().equals("handle")) {
                  stop.received(one.getValue());
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(one.getKey()), received);
    }
    return stop;
  }

  private void received(int number) {
    if (first.compareAndSet(true, false)) {
      asked.countDown();
    } else {
      Runtime.getRuntime().halt(128 + number);
    }
  }

  /** Returns when the process has been asked to stop. */
  void await() throws InterruptedException {
    asked.await();
  }
}
