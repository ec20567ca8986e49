/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Group commit for a journal that has none: one thread writes all that wait, and what arrives
 * meanwhile is the next group. There is no timer.
 */
final class GroupCommit {

  private static final int LARGEST_GROUP = 64;

  /** Writes requests and makes them durable. */
  @FunctionalInterface
  interface Writer {
    void write(List<ByteBuf> group) throws Exception;
  }

  private record Append(ByteBuf request, CompletableFuture<Void> durable) {}

  private final LinkedBlockingQueue<Append> waiting = new LinkedBlockingQueue<>();
  private final Writer writer;

  GroupCommit(Writer writer) {
    this.writer = writer;
    Thread.ofPlatform().daemon().name("group-commit").start(this::run);
  }

  CompletableFuture<Void> append(ByteBuf request) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    waiting.add(new Append(request, durable));
    return durable;
  }

  private void run() {
    List<Append> group = new ArrayList<>();
    List<ByteBuf> requests = new ArrayList<>();
    while (true) {
      try {
        group.add(waiting.take());
        waiting.drainTo(group, LARGEST_GROUP - 1);
        group.forEach(append -> requests.add(append.request));
        writer.write(requests);
        group.forEach(append -> append.durable.complete(null));
      } catch (Exception e) {
        group.forEach(append -> append.durable.completeExceptionally(e));
      }
      requests.forEach(ByteBuf::release);
      requests.clear();
      group.clear();
    }
  }
}
