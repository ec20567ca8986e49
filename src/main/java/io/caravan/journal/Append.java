/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An entry on its way to the disk. Used by one thread at a time. */
final class Append {
  private static final Logger LOG = LoggerFactory.getLogger(Append.class);

  private final Entry entry;
  private final AppendListener listener;
  private final ByteBuffer[] payload;
  private final int payloadLength;
  private final int checksum;
  private List<TargetHeader> targets = List.of();

  Append(Entry entry, AppendListener listener) {
    this.entry = entry;
    this.listener = listener;
    // Done by whoever appends, of whom there are many, and not by the one who writes.
    payload = entry.payload().nioBuffers();
    payloadLength = entry.payload().readableBytes();
    CRC32C sum = new CRC32C();
    for (ByteBuffer part : payload) {
      sum.update(part.duplicate());
    }
    checksum = (int) sum.getValue();
  }

  Entry entry() {
    return entry;
  }

  int payloadLength() {
    return payloadLength;
  }

  /** Numbers the record at its places; once, however often it is written. */
  void number() {
    List<TargetHeader> numbered = new ArrayList<>(entry.targets().size());
    for (Target target : entry.targets()) {
      numbered.add(
          new TargetHeader(
              target.place().number(),
              target.records(),
              target.bytes(),
              target.place().nextOrdinal(),
              target.resources()));
    }
    targets = numbered;
  }

  RecordHeader header() {
    return new RecordHeader(
        RecordKind.DATA,
        entry.signal(),
        entry.origin(),
        entry.records(),
        entry.time(),
        entry.lane(),
        targets,
        payloadLength,
        checksum);
  }

  /** The bytes of the payload, to be read once. */
  void addPayload(List<ByteBuffer> to) {
    for (ByteBuffer part : payload) {
      if (part.hasRemaining()) {
        to.add(part.duplicate());
      }
    }
  }

  /** The record can be read at {@code position} of the segment. */
  List<Receipt> publish(Segment segment, long position) {
    List<Receipt> receipts = new ArrayList<>(targets.size());
    for (int i = 0; i < targets.size(); i++) {
      Receipt receipt = targets.get(i).receipt(position, entry.origin());
      segment.add(receipt.place(), receipt.ordinal());
      segment.pending(receipt.bytes());
      entry.targets().get(i).place().written(receipt);
      receipts.add(receipt);
    }
    return receipts;
  }

  void written(List<Receipt> receipts) {
    try {
      listener.written(receipts);
    } catch (RuntimeException | Error e) {
      // Also an error, such as of direct memory that is used up: the thread writes for all.
      LOG.error("event=journal_listener_failed", e);
    } finally {
      release();
    }
  }

  /** Gives back what it has taken, whether it was numbered or not, and tells why. */
  void failed(IOException cause) {
    for (int i = 0; i < entry.targets().size(); i++) {
      Target target = entry.targets().get(i);
      if (targets.isEmpty()) {
        target.place().release(target.bytes());
      } else {
        target.place().failed(targets.get(i).ordinal(), target.bytes());
      }
    }
    try {
      listener.failed(cause);
    } catch (RuntimeException | Error e) {
      // Also an error, such as of direct memory that is used up: the thread writes for all.
      LOG.error("event=journal_listener_failed", e);
    } finally {
      release();
    }
  }

  private void release() {
    try {
      entry.payload().release();
    } catch (IllegalReferenceCountException e) {
      // Somebody has released what was not his: that must not end the thread that writes.
      LOG.error("event=journal_payload_released_twice", e);
    }
  }
}
