/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.caravan.journal.SegmentHeader.Ground;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what waits in groups, syncs each group once, and answers. The only one who adds to
 * segments; its fields are the writing thread's own.
 */
final class Writer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int MOST_ENTRIES = 1024;
  private static final long MOST_BYTES = 16 << 20;

  /** How long after a failure everything is refused without a try. */
  private static final long PAUSE_NANOS = 100_000_000;

  private final JournalFolder folder;
  private final JournalSettings settings;
  private final AppendQueue queue;
  private final Segments segments;
  private final FreeFiles freeFiles;
  private final Places places;
  private final BooleanSupplier progressIsSaved;
  private final JournalListener listener;
  private final InstantSource clock;
  private final SplittableRandom marks;
  private final GroupEncoder encoder = new GroupEncoder();
  private @Nullable SegmentWriter current;
  private volatile @Nullable IOException failure;
  private long failedAt;

  Writer(
      JournalFolder folder,
      JournalSettings settings,
      AppendQueue queue,
      Segments segments,
      FreeFiles freeFiles,
      Places places,
      BooleanSupplier progressIsSaved,
      JournalListener listener,
      InstantSource clock,
      long seed) {
    this.folder = folder;
    this.settings = settings;
    this.queue = queue;
    this.segments = segments;
    this.freeFiles = freeFiles;
    this.places = places;
    this.progressIsSaved = progressIsSaved;
    this.listener = listener;
    this.clock = clock;
    this.marks = new SplittableRandom(seed);
  }

  /** Runs until the queue is closed and empty. */
  @Override
  public void run() {
    try {
      for (List<Append> waiting = queue.take(); !waiting.isEmpty(); waiting = queue.take()) {
        inGroups(waiting);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.error("event=journal_writer_interrupted");
    }
    endCurrent();
  }

  /** Why what was appended last was refused; empty if it was written. Any thread. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  private void inGroups(List<Append> waiting) {
    List<Append> group = new ArrayList<>();
    long bytes = 0;
    for (Append append : waiting) {
      if (group.size() == MOST_ENTRIES || bytes > MOST_BYTES) {
        commit(group);
        group.clear();
        bytes = 0;
      }
      group.add(append);
      bytes += append.payloadLength();
    }
    commit(group);
  }

  private void commit(List<Append> group) {
    IOException last = failure;
    if (last != null && System.nanoTime() - failedAt < PAUSE_NANOS) {
      refuse(group, last);
      return;
    }
    group.forEach(Append::number);
    try {
      write(group);
    } catch (IOException first) {
      abandon(first);
      try {
        write(group);
      } catch (IOException second) {
        abandon(second);
        failedAt = System.nanoTime();
        refuse(group, second);
      }
    }
  }

  private void write(List<Append> group) throws IOException {
    if (!progressIsSaved.getAsBoolean()) {
      throw new IOException("the journal cannot be written until its progress can be saved");
    }
    List<RecordHeader> headers = group.stream().map(Append::header).toList();
    SegmentWriter writer = current(headers.stream().mapToLong(RecordHeader::recordLength).sum());
    long before = writer.size();
    long start = System.nanoTime();
    List<Long> offsets = encoded(group, headers, writer);
    long wrote = System.nanoTime();
    boolean durable = group.stream().anyMatch(append -> append.entry().durable());
    if (durable) {
      writer.sync();
    }
    long synced = durable ? System.nanoTime() : wrote;
    tell(group, writer, offsets);
    listener.committed(group.size(), writer.size() - before, wrote - start, synced - wrote);
    if (failure != null) {
      failure = null;
      LOG.info("event=journal_recovered segment={}", writer.segment().fileName());
    }
  }

  private List<Long> encoded(List<Append> group, List<RecordHeader> headers, SegmentWriter writer)
      throws IOException {
    try {
      return writer.write(group, headers, encoder);
    } catch (RuntimeException e) {
      // Such as a payload that somebody else has released: it fails its group and not the journal.
      throw new IOException("an entry could not be laid out", e);
    }
  }

  private void tell(List<Append> group, SegmentWriter writer, List<Long> offsets) {
    Segment segment = writer.segment();
    List<List<Receipt>> receipts = new ArrayList<>(group.size());
    for (int i = 0; i < group.size(); i++) {
      receipts.add(group.get(i).publish(segment, Position.of(segment.number(), offsets.get(i))));
    }
    writer.publish();
    for (int i = 0; i < group.size(); i++) {
      group.get(i).written(receipts.get(i));
    }
  }

  /** A segment with room for so many bytes; one that takes more alone becomes larger. */
  private SegmentWriter current(long bytes) throws IOException {
    SegmentWriter writer = current;
    if (writer != null && writer.used() && writer.size() + bytes > settings.segmentBytes()) {
      endCurrent();
      writer = null;
    }
    if (writer == null) {
      int number = segments.next();
      try {
        writer = begin(number);
      } catch (IOException e) {
        segments.numberSeen(number);
        throw e;
      }
      segments.add(writer.segment());
      current = writer;
    }
    return writer;
  }

  private SegmentWriter begin(int number) throws IOException {
    Optional<String> free = freeFiles.take();
    Ground ground = free.isPresent() ? Ground.USED : Ground.NEW;
    SegmentHeader header = new SegmentHeader(number, marks.nextLong(), clock.millis(), ground);
    return free.isPresent()
        ? SegmentWriter.reuse(folder, places, header, free.get())
        : SegmentWriter.create(folder, places, header);
  }

  private void endCurrent() {
    SegmentWriter writer = current;
    current = null;
    if (writer != null) {
      try {
        writer.end();
      } catch (IOException e) {
        // All that was answered as durable is synced; only the mark that says so is missing.
        listener.failed(e);
        LOG.warn(
            "event=journal_segment_not_ended segment={} reason=\"{}\"",
            writer.segment().fileName(),
            e.toString());
      }
    }
  }

  /** The kernel may have dropped what it could not write, so nobody may write behind it. */
  private void abandon(IOException cause) {
    listener.failed(cause);
    SegmentWriter writer = current;
    current = null;
    if (failure == null) {
      LOG.error(
          "event=journal_write_failed folder={} reason=\"{}\" action=\"tried again in a new segment\"",
          folder,
          cause.toString());
    }
    failure = cause;
    if (writer == null) {
      return;
    }
    try {
      writer.abandon();
      if (!writer.used()) {
        segments.remove(writer.segment());
        folder.delete(writer.segment().fileName());
      }
    } catch (IOException e) {
      LOG.warn(
          "event=journal_segment_not_cut segment={} reason=\"{}\"",
          writer.segment().fileName(),
          e.toString());
    }
  }

  private void refuse(List<Append> group, IOException cause) {
    listener.refused(group.size(), cause);
    group.forEach(append -> append.failed(cause));
  }
}
