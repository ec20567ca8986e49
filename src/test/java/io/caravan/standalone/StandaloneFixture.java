/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** A standalone process without thread and ports, over a real folder, at a time that is set. */
final class StandaloneFixture implements AutoCloseable {
  static final Duration QUIET = Duration.ofMillis(200);
  static final Duration GRACE = Duration.ofSeconds(5);

  final Path folder;
  final SettableClock clock = new SettableClock();
  final RecordingPlane plane = new RecordingPlane();

  /** Every file that was read, in order. */
  final List<String> reads = new java.util.ArrayList<>();

  /** What happens while a file is read; once. */
  Runnable whileReading = () -> {};

  private final Logger logger = (Logger) LoggerFactory.getLogger("caravan");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Standalone standalone;
  private Instant written = Instant.parse("2025-01-01T00:00:00Z");

  StandaloneFixture(Path folder, Path... more) throws IOException {
    this(PipelineLives.inMemory(), folder, more);
  }

  StandaloneFixture(PipelineLives lives, Path folder, Path... more) throws IOException {
    this.folder = folder;
    List<Path> folders = new java.util.ArrayList<>(List.of(folder));
    folders.addAll(List.of(more));
    standalone =
        new Standalone(
            folders,
            new FolderFiles(
                (source, text) -> {
                  reads.add(Path.of(source).getFileName().toString());
                  Runnable now = whileReading;
                  whileReading = () -> {};
                  now.run();
                  return ManifestReader.read(text, source);
                }),
            ShippedKamelets.read(),
            lives,
            plane,
            clock);
    log.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  /** Starts over what lies in the folder. */
  StandaloneFixture start() throws Exception {
    standalone.begin();
    standalone.run();
    standalone.tell();
    return this;
  }

  Standalone standalone() {
    return standalone;
  }

  /** Writes a file in place; each time at another time of the file's own. */
  Path write(String name, String text) throws IOException {
    return write(folder.resolve(name), text);
  }

  Path write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return stamped(file);
  }

  /** Only its owner may read it, as a Secret's file should be. */
  Path writePrivately(String name, String text) throws IOException {
    Path file = write(name, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  Path stamped(Path file) throws IOException {
    written = written.plusSeconds(1);
    return Files.setLastModifiedTime(file, FileTime.from(written));
  }

  void delete(String name) throws IOException {
    Files.delete(folder.resolve(name));
  }

  Duration look() {
    return standalone.look();
  }

  Duration lookAfter(Duration time) {
    clock.advance(time);
    return look();
  }

  /** Sees what has changed, waits until it is quiet, and takes it. */
  void settle() {
    look();
    lookAfter(QUIET);
  }

  /** The same for what has vanished. */
  void expire() {
    look();
    lookAfter(GRACE);
  }

  /** What was told since the last call: the message and the values, a line each. */
  List<String> told() {
    List<String> lines = log.list.stream().map(StandaloneFixture::line).toList();
    log.list.clear();
    return lines;
  }

  private static String line(ILoggingEvent event) {
    return event.getFormattedMessage()
        + Optional.ofNullable(event.getKeyValuePairs()).orElse(List.of()).stream()
            .map(pair -> " " + pair.key + "=" + pair.value)
            .collect(Collectors.joining());
  }

  /** Where the version delivers that is to run and to take data. */
  Optional<String> destination(String pipeline) {
    return plane.plans.getLast().pipelines().stream()
        .filter(one -> one.id().name().equals(pipeline) && one.deletedAt().isEmpty())
        .findFirst()
        .flatMap(PipelinePlan::routes)
        .map(PipelineRoutes::destination);
  }

  /** The digest that runs. */
  String running(String pipeline) {
    return standalone.standings().stream()
        .filter(one -> one.id().name().equals(pipeline))
        .findFirst()
        .flatMap(Standing::runs)
        .orElse("nothing");
  }

  @Override
  public void close() {
    logger.detachAppender(log);
    logger.setLevel(null);
    logger.setAdditive(true);
    standalone.close();
  }
}
