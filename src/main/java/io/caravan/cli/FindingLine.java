/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.manifest.Finding;

/**
 * How commands print a finding: an error as it is, so that editors find the place, others named.
 */
final class FindingLine {
  private FindingLine() {}

  static String of(Finding finding) {
    return switch (finding.severity()) {
      case ERROR -> finding.toString();
      case WARNING -> "warning: " + finding;
      case NOTICE -> "notice: " + finding;
    };
  }
}
