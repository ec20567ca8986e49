/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.caravan.journal.SegmentScan.Depth;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads the records of a place from the segments. Thread-safe. */
final class PlaceReader {
  /** What one read goes through at most, so that it ends though little of it is for the place. */
  private static final long MOST_SCANNED = 64 << 20;

  private final JournalFolder folder;
  private final Segments segments;
  private final Quarantine quarantine;
  private final JournalListener listener;
  private final ByteBufAllocator allocator;

  PlaceReader(
      JournalFolder folder,
      Segments segments,
      Quarantine quarantine,
      JournalListener listener,
      ByteBufAllocator allocator) {
    this.folder = folder;
    this.segments = segments;
    this.quarantine = quarantine;
    this.listener = listener;
    this.allocator = allocator;
  }

  /** The record that begins exactly there; whatever else stands there is left alone. */
  Optional<StoredRecord> find(Place place, long position) throws IOException {
    Reading reading = new Reading(place, 1, Depth.PAYLOADS);
    Optional<Segment> segment = segments.get(Position.segment(position));
    if (segment.isPresent()) {
      reading.at(segment.get(), Position.offset(position));
    }
    return reading.records.stream().findFirst();
  }

  Portion read(Place place, long from, int maxBytes) throws IOException {
    return read(new Reading(place, maxBytes, Depth.PAYLOADS), from);
  }

  Portion readHeaders(Place place, long from, int maxBytes) throws IOException {
    return read(new Reading(place, maxBytes, Depth.HEADERS), from);
  }

  private static Portion read(Reading reading, long from) throws IOException {
    try {
      return reading.from(from);
    } catch (IOException | RuntimeException e) {
      reading.records.forEach(record -> record.payload().release());
      throw e;
    }
  }

  /** One read. */
  private final class Reading {
    private final Place place;
    private final int maxBytes;
    private final Depth depth;
    private final List<StoredRecord> records = new ArrayList<>();
    private long bytes;
    private long scanned;

    Reading(Place place, int maxBytes, Depth depth) {
      this.place = place;
      this.maxBytes = maxBytes;
      this.depth = depth;
    }

    Portion from(long from) throws IOException {
      long position = from;
      while (bytes < maxBytes && scanned < MOST_SCANNED) {
        long end = segments.end();
        Optional<Segment> segment = segments.from(Position.segment(position));
        if (segment.isEmpty()) {
          return new Portion(records, Math.max(position, end), true);
        }
        boolean same = segment.get().number() == Position.segment(position);
        long offset = same ? Position.offset(position) : SegmentHeader.LENGTH;
        // In this order: of a segment that is closed, the end is the last word.
        boolean closed = segment.get().closed();
        long limit = segment.get().end();
        long reached =
            segment.get().holds(place.number()) ? scan(segment.get(), offset, limit) : limit;
        if (reached >= limit && !closed) {
          return new Portion(
              records, Position.of(segment.get().number(), Math.max(offset, limit)), true);
        }
        position =
            reached >= limit
                ? Position.of(segment.get().number() + 1, SegmentHeader.LENGTH)
                : Position.of(segment.get().number(), reached);
      }
      return new Portion(records, position, false);
    }

    void at(Segment segment, long offset) throws IOException {
      long limit = segment.end();
      if (offset < SegmentHeader.LENGTH || offset != RecordHeader.padded(offset)) {
        return;
      }
      if (!segment.enter()) {
        return;
      }
      try (JournalFile file = folder.open(segment.fileName())) {
        Optional<Found> found =
            new SegmentScan(file, segment.mark(), offset, limit, SegmentScan.Depth.HEADERS).next();
        if (found.isPresent() && found.get() instanceof Found.Sound sound) {
          take(segment, file, sound);
        }
      } catch (NoSuchFileException e) {
        if (segments.get(segment.number()).isPresent()) {
          throw e; // else everybody has done with it in the meantime
        }
      } finally {
        segment.leave();
      }
    }

    private long scan(Segment segment, long offset, long limit) throws IOException {
      if (!segment.enter()) {
        return limit; // everybody has done with it in the meantime
      }
      try (JournalFile file = folder.open(segment.fileName())) {
        // Asked when the file is open: then it is true if this is the file of a compaction.
        long from = segment.compacted() ? SegmentHeader.LENGTH : offset;
        SegmentScan scan =
            new SegmentScan(file, segment.mark(), from, limit, SegmentScan.Depth.HEADERS);
        while (bytes < maxBytes && scanned < MOST_SCANNED) {
          Optional<Found> found = scan.next();
          if (found.isEmpty()) {
            break;
          }
          scanned += found.get().length();
          switch (found.get()) {
            case Found.Sound sound when sound.offset() < offset -> {}
            case Found.Sound sound -> take(segment, file, sound);
            case Found.Damaged damaged ->
                quarantine.keep(segment, file, damaged.offset(), damaged.length());
          }
        }
        return scan.offset();
      } catch (NoSuchFileException e) {
        if (segments.get(segment.number()).isEmpty()) {
          return limit; // deleted
        }
        throw e;
      } finally {
        segment.leave();
      }
    }

    private void take(Segment segment, JournalFile file, Found.Sound found) throws IOException {
      for (TargetHeader target : found.header().targets()) {
        if (target.place() == place.number()) {
          if (place.isPending(target.ordinal())
              && segment.holds(place.number(), target.ordinal())) {
            take(segment, file, found, target);
          }
          return;
        }
      }
    }

    private void take(Segment segment, JournalFile file, Found.Sound found, TargetHeader target)
        throws IOException {
      RecordHeader header = found.header();
      Receipt receipt =
          target.receipt(Position.of(segment.number(), found.offset()), header.origin());
      if (depth == Depth.HEADERS) {
        bytes += header.length();
        records.add(record(segment, found, target, receipt, Unpooled.EMPTY_BUFFER));
        return;
      }
      ByteBuf payload = allocator.directBuffer(Math.max(1, header.payloadLength()));
      if (!fill(payload, file, found)) {
        payload.release();
        quarantine.keep(segment, file, found.offset(), found.length());
        if (place.lose(receipt)) {
          listener.lost(place, receipt);
        }
        return;
      }
      bytes += header.payloadLength();
      records.add(record(segment, found, target, receipt, payload));
    }

    private static StoredRecord record(
        Segment segment, Found.Sound found, TargetHeader target, Receipt receipt, ByteBuf payload) {
      RecordHeader header = found.header();
      return new StoredRecord(
          receipt,
          Position.of(segment.number(), found.end()),
          header.time(),
          header.lane(),
          header.signal(),
          header.origin(),
          target.resources(),
          payload);
    }

    /** Whether the payload is what was written. */
    private boolean fill(ByteBuf payload, JournalFile file, Found.Sound found) throws IOException {
      RecordHeader header = found.header();
      ByteBuffer bytes = payload.nioBuffer(0, header.payloadLength());
      try {
        file.read(bytes, found.payloadOffset());
      } catch (IOException e) {
        payload.release();
        throw e;
      }
      payload.writerIndex(bytes.position());
      CRC32C checksum = new CRC32C();
      checksum.update(bytes.flip());
      return (int) checksum.getValue() == header.payloadChecksum();
    }
  }
}
