/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import io.caravan.api.manifest.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what happens, one line an event. */
final class EventLog {
  private static final Logger log = LoggerFactory.getLogger("caravan");

  private EventLog() {}

  static void events(List<Event> events) {
    events.forEach(EventLog::event);
  }

  private static void event(Event event) {
    switch (event) {
      case Event.Started one ->
          log.atInfo()
              .addKeyValue("pipeline", one.pipeline())
              .addKeyValue("delivers", one.delivers())
              .addKeyValue("digest", one.digest())
              .log("Pipeline started");
      case Event.Changed one ->
          log.atInfo()
              .addKeyValue("pipeline", one.pipeline())
              .addKeyValue("delivers", one.delivers())
              .addKeyValue("digest", one.digest())
              .log("Pipeline changed");
      case Event.Removed one ->
          log.atInfo().addKeyValue("pipeline", one.pipeline()).log("Pipeline removed");
      case Event.Failed one ->
          log.atError()
              .addKeyValue("pipeline", one.pipeline())
              .addKeyValue("why", one.why())
              .log("Pipeline does not run");
      case Event.Kept one ->
          log.atError()
              .addKeyValue("pipeline", one.pipeline())
              .addKeyValue("why", one.why())
              .addKeyValue("digest", one.digest())
              .log("Pipeline's new version does not run, the last good one goes on");
      case Event.Recovered one ->
          log.atInfo()
              .addKeyValue("pipeline", one.pipeline())
              .addKeyValue("digest", one.digest())
              .log("Pipeline is in order again");
      case Event.Noticed one ->
          log.atInfo()
              .addKeyValue("pipeline", one.pipeline())
              .addKeyValue("notice", one.notice())
              .log("Pipeline runs, with a notice");
    }
  }

  static void findings(List<Finding> findings) {
    for (Finding finding : findings) {
      switch (finding.severity()) {
        case ERROR -> log.atError().addKeyValue("finding", finding).log("Manifest is wrong");
        case WARNING -> log.atWarn().addKeyValue("finding", finding).log("Manifest needs care");
        case NOTICE -> log.atInfo().addKeyValue("finding", finding).log("Manifest has no effect");
      }
    }
  }

  static void folderGone(Object folder) {
    log.atWarn()
        .addKeyValue("folder", folder)
        .log("Folder cannot be listed; what it held keeps running");
  }

  static void folderBack(Object folder) {
    log.atInfo().addKeyValue("folder", folder).log("Folder can be listed again");
  }

  static void notWatched(Object folder, Exception e) {
    log.atWarn()
        .addKeyValue("folder", folder)
        .addKeyValue("why", e)
        .log("Folder cannot be watched; it is looked at twice a second instead");
  }

  static void stranded(PipelineId deleted, String why, Instant until) {
    log.atWarn()
        .addKeyValue("pipeline", deleted)
        .addKeyValue("why", why)
        .addKeyValue("dropped_at", until)
        .log("Deleted pipeline cannot deliver what it has");
  }

  static void takenOver(PipelineId pipeline, long records) {
    log.atWarn()
        .addKeyValue("pipeline", pipeline)
        .addKeyValue("records", records)
        .log(
            "pipelines.json is gone from the data folder; what waits goes to the pipeline that has"
                + " the name now, though it may be of one that was deleted");
  }

  static void notRemembered(Path file, Exception e) {
    log.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("why", e)
        .log("Pipelines cannot be remembered; tried again until they can");
  }

  static void failed(Exception e) {
    log.atError().setCause(e).log("A change could not be applied; what runs keeps running");
  }
}
