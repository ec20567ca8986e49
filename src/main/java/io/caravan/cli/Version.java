/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints: the program's version from the jar's manifest, and the Java under
 * it.
 */
final class Version implements IVersionProvider {

  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "caravan " + number(),
      "Java %s, %s".formatted(Runtime.version(), System.getProperty("java.vm.name"))
    };
  }
}
