/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.books;

import io.caravan.journal.Held;
import io.caravan.journal.Inheritance;
import io.caravan.journal.PlaceAccount;
import io.caravan.journal.Receipt;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.PipelineBook;
import io.caravan.observe.ledger.Source;
import io.caravan.observe.ledger.Totals;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts to a pipeline's book what comes to its place in the journal and goes from it, and keeps the
 * totals that are saved with the place. Guarded by the place: whoever calls it holds its lock.
 */
public final class PlaceBook implements PlaceAccount {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.ledger");

  /** Their bytes are not what was written, or are not there. */
  private static final String CORRUPT = "corrupt";

  private static final String DELETED = "pipeline_deleted";

  private final PipelineBook book;
  private final Totals totals;
  private final Map<Source, Amount> queued = new TreeMap<>();

  private PlaceBook(PipelineBook book, Totals totals) {
    this.book = book;
    this.totals = totals;
  }

  /** Goes on where the process before this one has ended. */
  public static PlaceBook open(PipelineBook book, Inheritance inheritance) {
    PlaceBook opened = new PlaceBook(book, totals(book, inheritance.totals()));
    book.together(() -> opened.begin(inheritance));
    return opened;
  }

  private static Totals totals(PipelineBook book, byte[] saved) {
    if (saved.length == 0) {
      return new Totals();
    }
    try {
      return Totals.decode(saved);
    } catch (IllegalArgumentException e) {
      LOG.error(
          "event=ledger_unreadable pipeline={} error=\"{}\" action=\"its totals begin at what waits\"",
          book.pipeline(),
          e.getMessage());
      return new Totals();
    }
  }

  private void begin(Inheritance inheritance) {
    boolean counts = !totals.lines().isEmpty();
    book.restore(totals.lines());
    inheritance.counted().forEach(held -> held(held, !counts));
    // Before what is new is counted: what the totals know of and nobody has any more.
    totals.lines().stream().map(line -> line.source()).distinct().forEach(this::dropMissing);
    inheritance.since().forEach(held -> held(held, true));
    for (Held lost : inheritance.lost()) {
      accepted(source(lost.origin()), new Amount(lost.records(), lost.bytes()));
      missing(source(lost.origin()), new Amount(lost.records(), lost.bytes()));
    }
  }

  private void held(Held held, boolean isNew) {
    Source source = source(held.origin());
    Amount amount = new Amount(held.records(), held.bytes());
    if (isNew) {
      accepted(source, amount);
    }
    queue(source, amount);
  }

  private void dropMissing(Source source) {
    Amount missing = totals.open(source).minus(queued.getOrDefault(source, Amount.NONE));
    // What is there twice is not made up for: the ledger's check is to find it.
    missing(source, new Amount(Math.max(0, missing.records()), Math.max(0, missing.bytes())));
  }

  private void missing(Source source, Amount amount) {
    if (amount.isNone()) {
      return;
    }
    dropped(source, CORRUPT, amount);
    LOG.error(
        "event=records_lost pipeline={} input={} origin={} records={} bytes={} reason=\"the journal"
            + " had them and has them no longer, or not as they were written\"",
        book.pipeline(),
        source.input(),
        source.origin(),
        amount.records(),
        amount.bytes());
  }

  @Override
  public void written(Receipt receipt) {
    Source source = source(receipt.origin());
    Amount amount = amount(receipt);
    book.together(
        () -> {
          accepted(source, amount);
          queue(source, amount);
        });
  }

  @Override
  public void done(Receipt receipt, Runnable posting) {
    book.together(
        () -> {
          unqueue(source(receipt.origin()), amount(receipt));
          posting.run();
        });
  }

  @Override
  public void lost(Receipt receipt) {
    done(receipt, () -> dropped(receipt, CORRUPT));
  }

  @Override
  public void removed() {
    book.together(
        () ->
            List.copyOf(queued.entrySet())
                .forEach(
                    each -> {
                      dropped(each.getKey(), DELETED, each.getValue());
                      unqueue(each.getKey(), each.getValue());
                    }));
  }

  @Override
  public byte[] totals() {
    return totals.encode();
  }

  /**
   * The backend has a record.
   *
   * @param rejected of it (partial success)
   */
  public void delivered(Receipt receipt, int rejected) {
    delivered(source(receipt.origin()), amount(receipt), rejected);
  }

  private void delivered(Source source, Amount amount, int rejected) {
    Amount refused = Shares.of(amount, rejected);
    Amount taken = amount.minus(refused);
    book.delivered(source, taken);
    totals.delivered(source, taken);
    if (!refused.isNone()) {
      dropped(source, Shares.REJECTED, refused);
    }
  }

  /** The same of a part of a record. */
  public void delivered(Receipt receipt, Amount part, int rejected) {
    delivered(source(receipt.origin()), part, rejected);
  }

  public void dropped(Receipt receipt, String reason) {
    dropped(source(receipt.origin()), reason, amount(receipt));
  }

  public void deadLettered(Receipt receipt, String reason, Amount part) {
    Source source = source(receipt.origin());
    book.deadLettered(source, reason, part);
    totals.deadLettered(source, reason, part);
  }

  /** Dead letters of this pipeline are there no longer. */
  public void deadLettersDropped(DroppedLetters letters) {
    book.deadLettersDropped(
        letters.source(), letters.deadLettered(), letters.dropped(), letters.amount());
    totals.deadLettersDropped(
        letters.source(), letters.deadLettered(), letters.dropped(), letters.amount());
  }

  /** Records were accepted and are gone in the same moment. */
  public void droppedAtOnce(Source source, String reason, Amount amount) {
    book.together(
        () -> {
          accepted(source, amount);
          dropped(source, reason, amount);
        });
  }

  /** Records were accepted when the backend had them. */
  public void deliveredAtOnce(Source source, Amount amount, int rejected) {
    book.together(
        () -> {
          accepted(source, amount);
          delivered(source, amount, rejected);
        });
  }

  private void accepted(Source source, Amount amount) {
    book.accepted(source, amount);
    totals.accepted(source, amount);
  }

  private void dropped(Source source, String reason, Amount amount) {
    book.dropped(source, reason, amount);
    totals.dropped(source, reason, amount);
  }

  private void queue(Source source, Amount amount) {
    book.queued(source, amount);
    queued.merge(source, amount, Amount::plus);
  }

  private void unqueue(Source source, Amount amount) {
    book.unqueued(source, amount);
    queued.merge(source, amount, Amount::minus);
  }

  public static Amount amount(Receipt receipt) {
    return new Amount(receipt.records(), receipt.bytes());
  }

  /** The journal's origin is the code of a source. */
  private static Source source(byte origin) {
    return Source.of(Byte.toUnsignedInt(origin));
  }
}
