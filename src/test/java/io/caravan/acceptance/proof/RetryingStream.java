/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawGrpc;
import io.grpc.CallOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One sender: a connection, and one request after the other. What fails for a while is sent again,
 * the same bytes, until it is answered; so a sender's records stay in order.
 *
 * <p>SDKs begin to wait at 1 s and give up after some attempts; this one begins at 100 ms and does
 * not, so that a run is short and what it lost was lost by the receiver.
 */
final class RetryingStream implements Runnable {
  private static final long DEADLINE_SECONDS = 10; // an SDK's default
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** How far behind its times a stream may be and still catch up. */
  private static final long CATCH_UP_NANOS = Duration.ofSeconds(1).toNanos();

  private final int sender;
  private final Load load;
  private final SendersLog log;
  private final ManagedChannel channel;

  RetryingStream(int sender, int port, Load load, SendersLog log) {
    this.sender = sender;
    this.load = load;
    this.log = log;
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port, InsecureChannelCredentials.create())
            .build();
  }

  @Override
  public void run() {
    long due = System.nanoTime();
    for (int first = 0; !log.ended(); first += load.records()) {
      long began = System.nanoTime();
      if (export(NumberedSpans.request(sender, first, load.records()))) {
        log.acknowledged(sender, first, load.records(), System.nanoTime() - began);
      }
      long now = System.nanoTime();
      due = Math.max(due + load.interval().toNanos(), now - CATCH_UP_NANOS);
      if (due > now) {
        log.awaitEnd(Duration.ofNanos(due - now));
      }
    }
    channel.shutdownNow();
  }

  /** Whether the request was acknowledged in the end. */
  private boolean export(byte[] request) {
    Duration wait = FIRST_WAIT;
    while (!log.ended()) {
      switch (send(request)) {
        case Verdict.Acknowledged() -> {
          return true;
        }
        case Verdict.Refused(String why) -> {
          log.refused(load.records(), why);
          return false;
        }
        case Verdict.Again again -> {
          log.failedOnce();
          log.awaitEnd(again.notBefore().orElse(jittered(wait)));
          wait = wait.multipliedBy(3).dividedBy(2);
          wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
          // A server that starts again is there before grpc-java would look for it.
          channel.resetConnectBackoff();
        }
      }
    }
    return false;
  }

  private static Duration jittered(Duration wait) {
    return Duration.ofNanos(
        (long) (wait.toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
  }

  private Verdict send(byte[] request) {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        channel.newCall(
            RawGrpc.method(OtlpMethod.TRACES.fullName()),
            CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)),
        request,
        new StreamObserver<byte[]>() {
          @Override
          public void onNext(byte[] response) {}

          @Override
          public void onError(Throwable error) {
            verdict.complete(Verdict.of(error));
          }

          @Override
          public void onCompleted() {
            verdict.complete(new Verdict.Acknowledged());
          }
        });
    return verdict.join();
  }
}
