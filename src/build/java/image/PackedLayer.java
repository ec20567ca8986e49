/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.zip.GZIPOutputStream;

/**
 * A layer as it is transferred.
 *
 * @param file the packed archive
 * @param contentDigest SHA-256 of the archive before it was packed, in hexadecimal: what a layer is
 *     known by when it is unpacked
 */
record PackedLayer(Path file, String contentDigest) {

  static PackedLayer write(Collection<TarEntry> entries, Instant time, Path file)
      throws IOException {
    MessageDigest digest = Digests.sha256();
    try (OutputStream packed =
            new GZIPOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), 1 << 16);
        OutputStream archive = new DigestOutputStream(packed, digest)) {
      for (TarEntry entry : entries) {
        entry.write(archive, time);
      }
      archive.write(TarEntry.end());
    }
    return new PackedLayer(file, Digests.text(digest));
  }
}
