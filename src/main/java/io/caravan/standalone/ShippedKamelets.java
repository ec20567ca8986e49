/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.KameletSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The connectors that come with the program: {@code kamelets/} of its jar, or of its classes. */
public final class ShippedKamelets {
  private static final String FOLDER = "kamelets";
  private static final String SUFFIX = ".kamelet.yaml";

  private ShippedKamelets() {}

  /**
   * All of them, in the order of their names.
   *
   * @throws IOException if the program's own jar cannot be read
   */
  public static List<KameletSource> read() throws IOException {
    URL folder = ShippedKamelets.class.getClassLoader().getResource(FOLDER);
    if (folder == null) {
      return List.of();
    }
    return folder.openConnection() instanceof JarURLConnection jar
        ? fromJar(jar.getJarFile())
        : fromFolder(folder);
  }

  private static List<KameletSource> fromJar(JarFile jar) throws IOException {
    List<KameletSource> kamelets = new ArrayList<>();
    for (JarEntry entry :
        jar.stream()
            .filter(one -> one.getName().startsWith(FOLDER + "/"))
            .sorted(java.util.Comparator.comparing(JarEntry::getName))
            .toList()) {
      if (entry.getName().endsWith(SUFFIX)) {
        try (InputStream in = jar.getInputStream(entry)) {
          kamelets.add(kamelet(Path.of(entry.getName()), in.readAllBytes()));
        }
      }
    }
    return kamelets;
  }

  private static List<KameletSource> fromFolder(URL folder) throws IOException {
    try (var files = Files.list(Path.of(new URI(folder.toString())))) {
      List<KameletSource> kamelets = new ArrayList<>();
      for (Path file : files.filter(one -> one.toString().endsWith(SUFFIX)).sorted().toList()) {
        kamelets.add(kamelet(file, Files.readAllBytes(file)));
      }
      return kamelets;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static KameletSource kamelet(Path file, byte[] yaml) {
    String name = file.getFileName().toString();
    return new KameletSource(
        name.substring(0, name.length() - SUFFIX.length()),
        new String(yaml, StandardCharsets.UTF_8));
  }
}
