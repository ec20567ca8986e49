/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which pipelines there are, and which are deleted and not yet at their end; a process that starts
 * knows those of the one before. Not thread-safe.
 *
 * <p>A folder gives its pipelines no uid. One gets a uid only if its name is still that of another,
 * which is deleted and goes on delivering: a number, from 2 on.
 */
public final class PipelineLives {
  private final Optional<PipelineLivesFile> file;
  private final SortedMap<PipelineId, PipelineLife> all = new TreeMap<>();

  /** Whose data is there though nobody remembers them, and how many records; until it is told. */
  private final SortedMap<PipelineId, Long> forgotten = new TreeMap<>();

  /** Ids that had been given before what was remembered was lost. */
  private final Set<PipelineId> given = new TreeSet<>();

  private boolean saved = true;
  private boolean complained;

  private PipelineLives(Optional<PipelineLivesFile> file) {
    this.file = file;
  }

  /** Pipelines that nobody knows any more when the process has ended. */
  public static PipelineLives inMemory() {
    return new PipelineLives(Optional.empty());
  }

  /**
   * Those that stand in a file, which is written whenever something changes.
   *
   * @throws IOException if there is one that cannot be read or understood
   */
  public static PipelineLives in(Path path) throws IOException {
    return in(path, Map.of());
  }

  /**
   * As {@link #in(Path)}. If there is no file, but data of a process before this one, somebody has
   * deleted it: then it is not known which of these pipelines were deleted. One whose name is still
   * there is taken for the one that is there, so that nothing is lost, and that is told.
   *
   * @param waiting the records that wait for pipelines
   */
  public static PipelineLives in(Path path, Map<PipelineId, Long> waiting) throws IOException {
    PipelineLivesFile file = new PipelineLivesFile(path);
    PipelineLives lives = new PipelineLives(Optional.of(file));
    if (!file.exists()) {
      lives.forgotten.putAll(waiting);
      lives.given.addAll(waiting.keySet());
    }
    file.read().forEach(one -> lives.all.put(one.id(), one));
    return lives;
  }

  /** Those that are not deleted. */
  List<PipelineLife> live() {
    return all.values().stream().filter(one -> one.deletedAt().isEmpty()).toList();
  }

  List<PipelineLife> deleted() {
    return all.values().stream().filter(one -> one.deletedAt().isPresent()).toList();
  }

  /**
   * The id of the pipeline that has a name now, or is about to have it.
   *
   * @param name without uid
   */
  PipelineId id(PipelineId name) {
    return all.tailMap(name).values().stream()
        .takeWhile(one -> one.id().sharesName(name))
        .filter(one -> one.deletedAt().isEmpty())
        .map(PipelineLife::id)
        .findFirst()
        .or(() -> lastForgotten(name))
        .orElseGet(() -> free(name));
  }

  /** The one of that name that came last: the uids of a folder are numbers. */
  private Optional<PipelineId> lastForgotten(PipelineId name) {
    return forgotten.keySet().stream()
        .filter(one -> one.sharesName(name))
        .max(
            Comparator.comparingInt((PipelineId one) -> one.uid().length())
                .thenComparing(PipelineId::uid));
  }

  private PipelineId free(PipelineId name) {
    PipelineId id = name;
    for (int number = 2; all.containsKey(id) || given.contains(id); number++) {
      id = new PipelineId(name.kind(), name.name(), Integer.toString(number));
    }
    return id;
  }

  /** A pipeline begins, or has changed. */
  void put(PipelineLife life) {
    saved &= life.equals(all.put(life.id(), life));
    long waiting = forgotten.getOrDefault(life.id(), 0L);
    if (waiting > 0) {
      EventLog.takenOver(life.id(), waiting);
    }
    forgotten.keySet().removeIf(life.id()::sharesName);
  }

  void delete(PipelineId id, Instant at) {
    PipelineLife life = all.get(id);
    if (life != null) {
      put(life.deleted(at));
    }
  }

  /** Nothing of the pipeline is left. */
  void forget(PipelineId id) {
    saved &= all.remove(id) == null;
  }

  /** Writes what has changed; if that fails it is told once, and done with the next call. */
  void save() {
    if (saved || file.isEmpty()) {
      return;
    }
    try {
      file.get().write(all.values());
      saved = true;
      complained = false;
    } catch (IOException e) {
      if (!complained) {
        EventLog.notRemembered(file.get().path(), e);
        complained = true;
      }
    }
  }
}
