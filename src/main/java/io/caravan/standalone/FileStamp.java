/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * What tells two contents of a path apart without reading them. Links are followed, so that a swap
 * of a Kubernetes volume's {@code ..data} is a change of every file behind it.
 *
 * @param changed when the inode changed, its permissions included: a file that becomes readable is
 *     to be read; the same as {@code modified} where the file system does not know
 * @param key the inode as text, or {@code null} as text where the file system has none
 */
record FileStamp(FileTime modified, FileTime changed, long size, String key) {
  private static final FileTime NEVER = FileTime.fromMillis(Long.MIN_VALUE);

  /** Of a file that is there and may not be looked at; reading it says why. */
  static final FileStamp UNKNOWN = new FileStamp(NEVER, NEVER, -1, "");

  /** Of no content that any file has had. */
  static final FileStamp NONE = new FileStamp(NEVER, NEVER, -2, "");

  /**
   * The stamp of a regular file, or of what a link to one leads to. Empty for all else: there is
   * nothing, or a folder, or a pipe or device, which would hold whoever opens it.
   */
  static Optional<FileStamp> of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile() ? Optional.of(of(file, attributes)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty(); // gone since it was listed, or a link into nowhere
    } catch (IOException e) {
      return Optional.of(UNKNOWN);
    }
  }

  private static FileStamp of(Path file, BasicFileAttributes attributes) throws IOException {
    FileTime changed =
        file.getFileSystem().supportedFileAttributeViews().contains("unix")
            ? (FileTime) Files.getAttribute(file, "unix:ctime")
            : attributes.lastModifiedTime();
    return new FileStamp(
        attributes.lastModifiedTime(),
        changed,
        attributes.size(),
        String.valueOf(attributes.fileKey()));
  }
}
