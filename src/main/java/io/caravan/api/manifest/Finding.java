/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

/**
 * Something to say about a manifest.
 *
 * @param path the field's path, {@code spec.output.otlp.endpoint}, or empty where no field is meant
 * @param message what was found, what is allowed, what to do
 */
public record Finding(Severity severity, Location location, String path, String message) {

  /** Text of a manifest may be in paths and messages, which stay one line that people can read. */
  private static final int LONGEST = 600;

  public Finding {
    path = oneLine(path);
    message = oneLine(message);
  }

  /** What a finding does to its resource. */
  public enum Severity {
    /** The resource is not used. */
    ERROR,
    /** The resource is used; something about it should change. */
    WARNING,
    /** What is described is left out, as it should be: a resource of a kind that is not ours. */
    NOTICE
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  /** {@code pipelines/demo.yaml:12:7: spec.output.otlp.protocol: ...}. */
  @Override
  public String toString() {
    return location + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
