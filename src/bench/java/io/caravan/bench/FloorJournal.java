/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The least that a journal can do, as the measure of the others: a file, one gathering write and
 * one {@code fdatasync} for each group, a CRC32C for each record. Segments go when all readers are
 * past them. It handles no failure.
 */
final class FloorJournal implements JournalUnderTest {

  private static final long SEGMENT_BYTES = 64 << 20;

  /** Length and checksum. */
  private static final int HEADER_BYTES = 8;

  private static final int READ_BYTES = 1 << 20;

  private record Segment(long start, Path path, FileChannel channel) {}

  private final Path folder;
  private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  private final AtomicLongArray acknowledged;
  private final FileChannel progress;
  private final CRC32C checksum = new CRC32C();
  private final ByteBuffer headers = ByteBuffer.allocateDirect(64 * HEADER_BYTES);
  private final GroupCommit commit;
  private volatile long end;

  FloorJournal(Path folder, int readers) throws IOException {
    this.folder = folder;
    acknowledged = new AtomicLongArray(readers);
    recover();
    startSegment();
    for (int reader = 0; reader < readers; reader++) {
      acknowledged.set(reader, segments.firstKey());
    }
    progress =
        FileChannel.open(
            folder.resolve("progress"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    commit = new GroupCommit(this::write);
  }

  @Override
  public CompletableFuture<Void> append(ByteBuf request) {
    return commit.append(request);
  }

  private void write(List<ByteBuf> group) throws IOException {
    Segment segment = segments.lastEntry().getValue();
    if (end - segment.start >= SEGMENT_BYTES) {
      segment = startSegment();
    }
    headers.clear();
    ByteBuffer[] buffers = new ByteBuffer[group.size() * 2];
    long bytes = 0;
    for (int i = 0; i < group.size(); i++) {
      ByteBuffer payload = group.get(i).nioBuffer();
      buffers[2 * i] = header(payload);
      buffers[2 * i + 1] = payload;
      bytes += HEADER_BYTES + payload.remaining();
    }
    for (long written = 0; written < bytes; ) {
      written += segment.channel.write(buffers);
    }
    segment.channel.force(false);
    end += bytes;
  }

  private ByteBuffer header(ByteBuffer payload) {
    ByteBuffer header = headers.slice(headers.position(), HEADER_BYTES);
    headers.position(headers.position() + HEADER_BYTES);
    checksum.reset();
    checksum.update(payload.duplicate());
    return header.putInt(payload.remaining()).putInt((int) checksum.getValue()).flip();
  }

  private Segment startSegment() throws IOException {
    Path path = folder.resolve(String.format(Locale.ROOT, "%020d.seg", end));
    Segment segment =
        new Segment(
            end,
            path,
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    try (FileChannel directory = FileChannel.open(folder)) {
      directory.force(true);
    }
    segments.put(end, segment);
    return segment;
  }

  /** Finds the end: headers alone where a later segment exists, checksums in the last one. */
  private void recover() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.seg")) {
      for (Path path : files) {
        long start = Long.parseLong(path.getFileName().toString().replace(".seg", ""));
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        segments.put(start, new Segment(start, path, channel));
      }
    }
    for (Segment segment : segments.values()) {
      boolean last = segment.start == segments.lastKey();
      ByteBuffer record = ByteBuffer.allocateDirect(4 << 20);
      long position = 0;
      for (int length = length(segment, position, record, last); length > 0; ) {
        position += HEADER_BYTES + length;
        length = length(segment, position, record, last);
      }
      segment.channel.truncate(position);
      end = segment.start + position;
    }
  }

  /** Returns the length of the record at a position, 0 where there is no whole one. */
  private int length(Segment segment, long position, ByteBuffer record, boolean check)
      throws IOException {
    record.clear().limit(HEADER_BYTES);
    if (segment.channel.read(record, position) < HEADER_BYTES) {
      return 0;
    }
    int length = record.getInt(0);
    if (length <= 0 || position + HEADER_BYTES + length > segment.channel.size()) {
      return 0;
    }
    int expected = record.getInt(4);
    return !check || checksum(segment, position + HEADER_BYTES, record, length) == expected
        ? length
        : 0;
  }

  private int checksum(Segment segment, long position, ByteBuffer record, int length)
      throws IOException {
    record.clear().limit(length);
    segment.channel.read(record, position);
    checksum.reset();
    checksum.update(record.flip());
    return (int) checksum.getValue();
  }

  @Override
  public Reader reader(int number) {
    return new FloorReader(number);
  }

  private final class FloorReader implements Reader {
    private final int number;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer progressed = ByteBuffer.allocateDirect(12);
    private final CRC32C checksum = new CRC32C();

    private FloorReader(int number) {
      this.number = number;
    }

    @Override
    public int read(Consumer<ByteBuffer> pipeline) throws IOException {
      long position = acknowledged.get(number);
      long until = end;
      if (position == until) {
        return 0;
      }
      Segment segment = segments.floorEntry(position).getValue();
      Map.Entry<Long, Segment> next = segments.higherEntry(position);
      if (next != null) {
        until = Math.min(until, next.getKey());
      }
      chunk.clear().limit((int) Math.min(READ_BYTES, until - position));
      segment.channel.read(chunk, position - segment.start);
      chunk.flip();
      int records = 0;
      while (chunk.remaining() >= HEADER_BYTES
          && chunk.remaining() >= HEADER_BYTES + chunk.getInt(chunk.position())) {
        pipeline.accept(record());
        records++;
      }
      acknowledge(position + chunk.position());
      return records;
    }

    private ByteBuffer record() throws IOException {
      int length = chunk.getInt();
      int expected = chunk.getInt();
      ByteBuffer record = chunk.slice(chunk.position(), length);
      checksum.reset();
      checksum.update(record.duplicate());
      if ((int) checksum.getValue() != expected) {
        throw new EOFException("a record of " + folder + " has a wrong checksum");
      }
      chunk.position(chunk.position() + length);
      return record;
    }

    private void acknowledge(long position) throws IOException {
      progress.write(progressed.clear().putInt(number).putLong(position).flip());
      acknowledged.set(number, position);
      deleteSegments();
    }
  }

  private synchronized void deleteSegments() throws IOException {
    long needed = Long.MAX_VALUE;
    for (int reader = 0; reader < acknowledged.length(); reader++) {
      needed = Math.min(needed, acknowledged.get(reader));
    }
    while (segments.size() > 1 && segments.higherKey(segments.firstKey()) <= needed) {
      Segment segment = segments.pollFirstEntry().getValue();
      segment.channel.close();
      Files.delete(segment.path);
    }
  }
}
