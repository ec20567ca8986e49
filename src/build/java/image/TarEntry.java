/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A file or folder in a tar archive, as POSIX.1-1988 has it (ustar): no name is longer than its
 * fields, and no file larger than 8 GiB.
 *
 * @param name with a slash at the end of a folder's
 * @param owner number of user and group
 */
record TarEntry(String name, int owner, int mode, long size, Content content) {
  private static final int BLOCK = 512;

  /** Where a file's bytes come from. */
  interface Content {
    InputStream open() throws IOException;
  }

  static TarEntry folder(String name, int owner, int mode) {
    return new TarEntry(name, owner, mode, 0, InputStream::nullInputStream);
  }

  static TarEntry of(String name, byte[] content, int mode) {
    return new TarEntry(name, 0, mode, content.length, () -> new ByteArrayInputStream(content));
  }

  static TarEntry of(String name, Path file, int mode) throws IOException {
    return new TarEntry(name, 0, mode, Files.size(file), () -> Files.newInputStream(file));
  }

  /** What an archive ends with. */
  static byte[] end() {
    return new byte[2 * BLOCK];
  }

  void write(OutputStream archive, Instant time) throws IOException {
    archive.write(header(time));
    try (InputStream bytes = content.open()) {
      if (bytes.transferTo(archive) != size) {
        throw new IOException(name + " changed while it was read");
      }
    }
    archive.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  private byte[] header(Instant time) throws IOException {
    byte[] header = new byte[BLOCK];
    // The name field holds 100 bytes; what is longer is divided at a slash.
    int split = name.length() <= 100 ? -1 : name.indexOf('/', name.length() - 101);
    put(header, 0, 100, name.substring(split + 1));
    put(header, 345, 155, split < 0 ? "" : name.substring(0, split));
    number(header, 100, 8, mode);
    number(header, 108, 8, owner);
    number(header, 116, 8, owner);
    number(header, 124, 12, size);
    number(header, 136, 12, time.getEpochSecond());
    put(header, 156, 1, name.endsWith("/") ? "5" : "0");
    put(header, 257, 8, "ustar\00000");
    put(header, 148, 8, "        ");
    int sum = 0;
    for (byte one : header) {
      sum += one & 0xff;
    }
    put(header, 148, 8, "%06o\0 ".formatted(sum));
    return header;
  }

  private void number(byte[] header, int at, int length, long value) throws IOException {
    put(header, at, length, "%0" + (length - 1) + "o", value);
  }

  private void put(byte[] header, int at, int length, String format, long value)
      throws IOException {
    put(header, at, length, format.formatted(value));
  }

  private void put(byte[] header, int at, int length, String text) throws IOException {
    byte[] bytes = text.getBytes(US_ASCII);
    if (bytes.length > length || !text.equals(new String(bytes, UTF_8))) {
      throw new IOException("%s does not fit into a tar header: %s".formatted(text, name));
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
