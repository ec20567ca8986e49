/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.journal.DiskFolder;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import io.caravan.observe.LinePace;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a process's journal, and tells in its log and metrics what happens to it. Thread-safe. */
public final class JournalHome implements JournalListener {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.journal");
  private static final String FOLDER = "journal";
  private static final long MOST_BYTES = 10L << 30;
  private static final int ROOM_PERCENT = 50;

  private final Path folder;
  private final Timer syncs;
  private final Counter failures;
  private final Counter corrupt;
  private final LinePace pace = new LinePace();

  private JournalHome(Path folder, MeterRegistry meters) {
    this.folder = folder;
    this.syncs =
        Timer.builder("caravan.journal.sync")
            .description("How long the disk takes to make a group of requests durable")
            .register(meters);
    this.failures =
        Counter.builder("caravan.journal.failures")
            .description("Groups of requests that could not be written at the first try")
            .register(meters);
    this.corrupt =
        Counter.builder("caravan.journal.corrupt.bytes")
            .description("Bytes of the journal that are not what was written")
            .register(meters);
  }

  /**
   * The journal in a data folder. It may take 10 GiB, or half of what the file system has left
   * beside it if that is less.
   *
   * @throws IOException if it cannot be read; the message is for people
   */
  public static Journal open(Path data, MeterRegistry meters) throws IOException {
    Path path = data.resolve(FOLDER);
    DiskFolder folder = DiskFolder.at(path);
    JournalSettings settings = JournalSettings.of(MOST_BYTES).withRoomPercent(ROOM_PERCENT);
    Journal journal = Journal.open(folder, settings, new JournalHome(path, meters));
    Gauge.builder("caravan.journal.disk.bytes", journal, Journal::diskBytes)
        .description("Bytes of the disk that the journal takes")
        .register(meters);
    return journal;
  }

  @Override
  public void committed(int entries, long bytes, long writeNanos, long syncNanos) {
    if (syncNanos > 0) {
      syncs.record(syncNanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void failed(IOException cause) {
    failures.increment();
  }

  @Override
  public void refused(int entries, IOException cause) {
    if (pace.mayWrite()) {
      LOG.error(
          "event=journal_refuses folder={} requests={} error=\"{}\" action=\"senders are told to come"
              + " again, until it can be written\"",
          folder,
          entries,
          cause.toString());
    }
  }

  @Override
  public void corrupt(String segment, long offset, long bytes) {
    corrupt.increment((double) bytes);
  }

  @Override
  public void lost(Place place, Receipt receipt) {
    LOG.error(
        "event=journal_record_lost pipeline={} position={} records={}",
        place.id(),
        receipt.position(),
        receipt.records());
  }
}
