/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.journal.DiskFolder;
import io.caravan.journal.JournalInspection;
import io.caravan.journal.JournalInspection.Damage;
import io.caravan.journal.JournalInspection.PlaceSummary;
import io.caravan.journal.JournalInspection.Reading;
import io.caravan.journal.JournalInspection.RecordSummary;
import io.caravan.journal.JournalInspection.SegmentSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caravan journal}: what stands in the journal of a process, running or not. */
@Command(
    name = "journal",
    description = {
      "Reads the journal of a data folder: what was accepted and waits to be delivered. Changes nothing, and may be used while a process works on the folder.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success; verify: every byte is what was written",
      "1:verify: some are not, or the journal cannot be read",
      "2:wrong usage, or there is no journal"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  caravan journal ls", "  caravan journal verify --data /var/lib/caravan"})
final class JournalCommand implements Callable<Integer> {
  private static final String FOLDER = "journal";

  enum Action {
    LS,
    VERIFY,
    CAT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "ACTION",
      description = {
        "ls: segments, and what is pending at each place; verify: reads all bytes and says which are not what was written; cat: a line for each record."
      })
  private Action action = Action.LS;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".caravan",
      description =
          "The data folder of the process. Default: ${DEFAULT-VALUE} in the working folder. Environment: CARAVAN_DATA.")
  private Path data = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    PrintWriter out = spec.commandLine().getOut();
    try {
      return switch (action) {
        case LS -> list(inspect(Reading.HEADERS, _ -> {}), out);
        case VERIFY -> verify(inspect(Reading.HEADERS_AND_PAYLOADS, _ -> {}), out);
        case CAT -> {
          inspect(Reading.HEADERS, record -> out.println(line(record)));
          yield ExitCode.OK;
        }
      };
    } finally {
      out.flush();
    }
  }

  private JournalInspection inspect(Reading reading, Consumer<RecordSummary> records)
      throws CommandFailure {
    Path folder = data.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "there is no journal in the data folder %s; name another with --data".formatted(data));
    }
    try {
      return JournalInspection.of(DiskFolder.existing(folder), reading, records);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILURE, "the journal %s cannot be read: %s".formatted(folder, e.getMessage()));
    }
  }

  private static int list(JournalInspection journal, PrintWriter out) {
    for (SegmentSummary segment : journal.segments()) {
      out.printf(
          "%s %11d bytes %8d entries %s%n",
          segment.file(),
          segment.bytes(),
          segment.entries(),
          segment.ended() ? "ended" : "open, or of a process that was killed");
    }
    for (PlaceSummary place : journal.places()) {
      out.printf(
          "%s: %d records in %d entries pending, %d bytes%n",
          place.id(), place.records(), place.entries(), place.bytes());
    }
    return ExitCode.OK;
  }

  private static int verify(JournalInspection journal, PrintWriter out) {
    int result = ExitCode.OK;
    for (SegmentSummary segment : journal.segments()) {
      for (Damage damage : segment.damages()) {
        boolean tail = !segment.ended() && damage.offset() + damage.bytes() == segment.bytes();
        out.printf(
            "%s: %d bytes at %d are not what was written%s%n",
            segment.file(),
            damage.bytes(),
            damage.offset(),
            tail ? "; they are the end of a segment that is being written, or was torn" : "");
        result = tail ? result : ExitCode.FAILURE;
      }
    }
    out.printf(
        "%d segments, %d entries read%n",
        journal.segments().size(),
        journal.segments().stream().mapToInt(SegmentSummary::entries).sum());
    return result;
  }

  private static String line(RecordSummary record) {
    return "%s+%d time=%s signal=%d records=%d bytes=%d for=%s"
        .formatted(
            record.file(),
            record.offset(),
            Instant.ofEpochMilli(record.time()),
            record.signal(),
            record.records(),
            record.bytes(),
            record.targets().stream()
                .map(
                    target ->
                        "%s:%d:%s"
                            .formatted(
                                target.place(),
                                target.records(),
                                target.pending() ? "pending" : "done"))
                .collect(Collectors.joining(",")));
  }
}
