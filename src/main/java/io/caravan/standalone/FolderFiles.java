/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.api.manifest.Finding;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.manifest.Location;
import io.caravan.api.manifest.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Reads manifests from files. What is wrong with the file itself becomes a finding like any other.
 */
public final class FolderFiles {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  /** Makes resources and findings of a text. */
  @FunctionalInterface
  public interface Parser {
    /**
     * Never fails; what is wrong is among the findings.
     *
     * @param source what findings call the text: the file's path
     */
    Manifests parse(String source, String yaml);
  }

  /** No manifest is near it; an image or a dump that was named *.yaml is not to fill the heap. */
  private static final int LARGEST = 16 << 20;

  private final Parser parser;

  public FolderFiles(Parser parser) {
    this.parser = parser;
  }

  /** What the file holds, at most 16 MiB. */
  public Manifests read(Path file) {
    String source = file.toString();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        return unreadable(
            source, "is larger than the %d MiB that are read".formatted(LARGEST >> 20));
      }
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return warned(file, parser.parse(source, text));
    } catch (CharacterCodingException e) {
      return unreadable(source, "is not UTF-8 text");
    } catch (AccessDeniedException e) {
      return unreadable(source, "cannot be read: this process has no permission to");
    } catch (IOException e) {
      return unreadable(source, "cannot be read: " + e);
    }
  }

  private static Manifests unreadable(String source, String message) {
    Finding finding = new Finding(Severity.ERROR, Location.of(source), "", message);
    return new Manifests(
        List.of(), List.of(), List.of(), List.of(), Set.of(), Set.of(source), List.of(finding));
  }

  private static Manifests warned(Path file, Manifests manifests) throws IOException {
    if (manifests.secrets().isEmpty() || !othersMayRead(file)) {
      return manifests;
    }
    List<Finding> findings = new ArrayList<>(manifests.findings());
    findings.add(
        new Finding(
            Severity.WARNING,
            // The whole file is meant, and a Secret that moves in it is not news.
            Location.of(file.toString()),
            "",
            "holds a Secret and other users may read it; chmod 600 " + file));
    return new Manifests(
        manifests.pipelines(),
        manifests.telemetries(),
        manifests.secrets(),
        manifests.kamelets(),
        manifests.rejected(),
        manifests.unreadable(),
        findings);
  }

  private static boolean othersMayRead(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
  }
}
