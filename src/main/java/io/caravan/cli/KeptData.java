/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.node.DeadLetterHome;
import io.caravan.node.JournalHome;
import io.caravan.node.Node;
import io.caravan.observe.ControlCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What a process keeps in its data folder: what it has accepted, and what no backend took. */
record KeptData(Journal journal, DeadLetterHome home, DeadLetters letters) {

  /** What opens something in a data folder. */
  interface Opening<T> {
    T open() throws IOException;
  }

  /**
   * Reads what is there.
   *
   * @throws CommandFailure if that is not possible
   */
  static KeptData open(Path data, ProcessParts parts) throws CommandFailure {
    Journal journal =
        parts.own(open(data, "journal", () -> JournalHome.open(data, parts.metrics().registry())));
    DeadLetterHome home = new DeadLetterHome(parts.metrics().registry());
    DeadLetters letters = parts.own(open(data, "dead-letters", () -> home.open(data)));
    return new KeptData(journal, home, letters);
  }

  /** A part of a data folder, with a sentence for people if it cannot be read. */
  static <T> T open(Path data, String name, Opening<T> opening) throws CommandFailure {
    try {
      return opening.open();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILURE,
          "%s cannot be read (%s); repair the folder, or begin anew with another --data"
              .formatted(data.resolve(name), e));
    }
  }

  Node node(NodeOptions options, Path data, ProcessParts parts) {
    return new Node(options.node(data), parts.metrics().registry(), journal, letters);
  }

  /** What waits in the journal, of whatever pipeline. */
  long pendingBytes() {
    return journal.places().stream().mapToLong(Place::pendingBytes).sum();
  }

  /**
   * What a process answers to 'caravan status', 'dead-letters' and 'replay'.
   *
   * @param pipelines the names of those that there are
   */
  Map<String, ControlCommand> control(
      Node node, Supplier<Set<String>> pipelines, ProcessStatus status) {
    Map<String, ControlCommand> commands =
        new HashMap<>(new DeadLetterControl(letters, pipelines).commands());
    commands.putAll(node.replays().commands());
    commands.put("status", _ -> status.json());
    return commands;
  }

  /** The node runs, and is told of the dead letters that are there no longer. */
  void tell(Node node) {
    home.tell(node::deadLettersDropped);
  }
}
