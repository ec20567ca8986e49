/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads manifests: pipelines, Telemetry, Secrets and Kamelets, in YAML or JSON, with any number of
 * documents and Lists in a file. Whatever the text, the answer is findings and never an exception.
 * Thread-safe.
 */
public final class ManifestReader {

  private ManifestReader() {}

  /** Reads files, and the manifests of folders (see {@link ManifestFiles#in}). */
  public static Manifests read(List<Path> paths) {
    ManifestFiles files = ManifestFiles.of(paths);
    Manifests manifests = readSources(files.sources());
    if (files.findings().isEmpty()) {
      return manifests;
    }
    Set<String> unreadable = new LinkedHashSet<>(manifests.unreadable());
    files.findings().forEach(finding -> unreadable.add(finding.location().source()));
    return new Manifests(
        manifests.pipelines(),
        manifests.telemetries(),
        manifests.secrets(),
        manifests.kamelets(),
        manifests.rejected(),
        unreadable,
        java.util.stream.Stream.concat(files.findings().stream(), manifests.findings().stream())
            .toList());
  }

  /** Reads one text. */
  public static Manifests read(String text, String source) {
    return readSources(List.of(new Source(source, text)));
  }

  /** Reads texts that belong together: the same kind and name in two of them is an error. */
  public static Manifests readSources(List<Source> sources) {
    Catalog catalog = new Catalog();
    sources.forEach(source -> new SourceReader(source, catalog).read());
    return catalog.manifests();
  }
}
