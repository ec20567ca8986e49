/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.journal.Receipt;
import io.caravan.journal.StoredRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Instant;

/** What stands in front of the payload of a dead letter, as docs/journal.md lays it out. */
final class Envelope {
  /**
   * What a letter holds beside its payload, whatever it takes: more than the longest envelope and
   * the journal's own header, and the same for all, so that the bytes of payloads follow from what
   * is held. Not to be changed: it is in what is on the disk.
   */
  static final int BYTES_OF_A_LETTER = 1_280;

  private static final byte VERSION = 1;

  private Envelope() {}

  /** The letter as it is written. Takes over the reference to its payload. */
  static ByteBuf wrap(DeadLetter letter, ByteBufAllocator allocator) {
    DeadLetterHeader header = letter.header();
    ByteBuf envelope = allocator.directBuffer(BYTES_OF_A_LETTER);
    envelope.writeByte(VERSION).writeLong(header.accepted().toEpochMilli());
    write(header.reason(), envelope);
    write(header.code(), envelope);
    write(header.message(), envelope);
    return Unpooled.wrappedBuffer(envelope, letter.payload());
  }

  private static void write(String text, ByteBuf to) {
    to.writeShort(ByteBufUtil.utf8Bytes(text));
    to.writeCharSequence(text, UTF_8);
  }

  /**
   * Reads what is said about a letter; what is left of the record's payload is the letter's.
   *
   * @throws IOException if that is nothing this version can read
   */
  static DeadLetterHeader read(StoredRecord record) throws IOException {
    ByteBuf from = record.payload();
    try {
      byte version = from.readByte();
      if (version != VERSION) {
        throw new IOException(
            "a dead letter of version %d; this program reads version %d"
                .formatted(version, VERSION));
      }
      Instant accepted = Instant.ofEpochMilli(from.readLong());
      return new DeadLetterHeader(
          text(from),
          text(from),
          text(from),
          accepted,
          Instant.ofEpochMilli(record.time()),
          record.origin(),
          record.signal(),
          record.records());
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      // Its checksum is right, so another program has written it.
      throw new IOException("not a dead letter", e);
    }
  }

  private static String text(ByteBuf from) {
    return from.readCharSequence(from.readUnsignedShort(), UTF_8).toString();
  }

  /** What a letter holds at its place. */
  static long held(ByteBuf payload) {
    return (long) payload.readableBytes() + BYTES_OF_A_LETTER;
  }

  static long payloadBytes(Receipt receipt) {
    return receipt.bytes() - BYTES_OF_A_LETTER;
  }
}
