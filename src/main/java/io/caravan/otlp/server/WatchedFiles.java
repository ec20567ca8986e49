/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that take effect together, and take effect again when one of them changes.
 *
 * <p>Their content is read and compared each time, once a second: that finds every change, the
 * swapped link of a mounted Secret, too, and a certificate is small. What cannot be used leaves the
 * last good content in effect. It may be half written, so it is said only when it is still the same
 * a second later, and then once. Used by one thread at a time.
 */
final class WatchedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpServer.class);
  private static final int MAX_SIZE = 1 << 20;

  /** How often {@link #look} is to be called. */
  static final Duration PERIOD = Duration.ofSeconds(1);

  /** Takes the texts of the files, in their order. */
  interface Use {

    /**
     * Has these be in effect from now on.
     *
     * @return what is in effect now, for the log
     * @throws UnusableFileException if one cannot be used; nothing has changed then
     */
    String take(List<String> texts);
  }

  private final String what;
  private final List<Path> files;
  private final Use use;
  private Content last;
  private boolean unsaid;

  private record Content(List<byte[]> bytes, @Nullable UnusableFileException problem) {
    boolean sameAs(Content other) {
      if (bytes.size() != other.bytes.size() || !said(problem).equals(said(other.problem))) {
        return false;
      }
      for (int i = 0; i < bytes.size(); i++) {
        if (!Arrays.equals(bytes.get(i), other.bytes.get(i))) {
          return false;
        }
      }
      return true;
    }

    private static String said(@Nullable UnusableFileException problem) {
      return problem == null ? "" : String.valueOf(problem.getMessage());
    }
  }

  private WatchedFiles(String what, List<Path> files, Use use, Content first) {
    this.what = what;
    this.files = files;
    this.use = use;
    this.last = first;
  }

  /**
   * Has the files take effect for the first time.
   *
   * @throws UnusableFileException if one cannot be read or used
   */
  static WatchedFiles open(String what, List<Path> files, Use use) {
    Content first = read(files);
    WatchedFiles watched = new WatchedFiles(what, List.copyOf(files), use, first);
    watched.take(first);
    return watched;
  }

  private String take(Content content) {
    UnusableFileException problem = content.problem;
    if (problem != null) {
      throw problem;
    }
    return use.take(content.bytes.stream().map(bytes -> new String(bytes, UTF_8)).toList());
  }

  /** Looks whether something has changed. */
  void look() {
    Content now = read(files);
    boolean changed = !now.sameAs(last);
    if (!changed && !unsaid) {
      return;
    }
    last = now;
    try {
      String inEffect = take(now);
      unsaid = false;
      LOG.info("event=files_reloaded what=\"{}\" files={} now=\"{}\"", what, files, inEffect);
    } catch (UnusableFileException e) {
      if (!changed) {
        LOG.warn(
            "event=files_not_reloaded what=\"{}\" error=\"{}\" action=\"the last good ones stay in effect; the files are read again when they change\"",
            what,
            e.getMessage());
      }
      unsaid = changed;
    }
  }

  private static Content read(List<Path> files) {
    List<byte[]> bytes = new ArrayList<>();
    for (Path file : files) {
      try {
        // A pipe or a device would hold whoever opens it.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
          return unusable(file, "this is not a regular file");
        }
        bytes.add(read(file));
      } catch (NoSuchFileException e) {
        return unusable(file, "there is no such file");
      } catch (AccessDeniedException e) {
        return unusable(file, "this process may not read it");
      } catch (IOException e) {
        return unusable(file, "it cannot be read: " + e.getMessage());
      }
    }
    return new Content(bytes, null);
  }

  private static Content unusable(Path file, String problem) {
    return new Content(List.of(), new UnusableFileException(file, problem));
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_SIZE + 1);
      if (bytes.length > MAX_SIZE) {
        throw new IOException("it is larger than " + MAX_SIZE + " bytes");
      }
      return bytes;
    }
  }
}
