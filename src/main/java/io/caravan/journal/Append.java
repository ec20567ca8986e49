/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

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
  private ByteBuffer[] payload = {};
  private List<TargetHeader> targets = List.of();
  private int checksum;

  Append(Entry entry, AppendListener listener) {
    this.entry = entry;
    this.listener = listener;
  }

  Entry entry() {
    return entry;
  }

  int payloadLength() {
    return entry.payload().readableBytes();
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
    payload = entry.payload().nioBuffers();
    CRC32C sum = new CRC32C();
    for (ByteBuffer part : payload) {
      sum.update(part.duplicate());
    }
    checksum = (int) sum.getValue();
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
        payloadLength(),
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
      Receipt receipt = targets.get(i).receipt(position);
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
    } catch (RuntimeException e) {
      LOG.error("event=journal_listener_failed", e);
    } finally {
      entry.payload().release();
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
    } catch (RuntimeException e) {
      LOG.error("event=journal_listener_failed", e);
    } finally {
      entry.payload().release();
    }
  }
}
