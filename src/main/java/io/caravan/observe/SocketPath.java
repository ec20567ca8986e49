/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Binds and connects unix domain sockets at paths of any length.
 *
 * <p>The kernel takes 107 bytes of path (macOS 103). A longer one is reached through a symbolic
 * link in a folder of our own under {@code java.io.tmpdir}, which is removed again at once: a
 * socket is found by its inode once it is open.
 */
final class SocketPath {
  /** What every kernel takes, with room for the name that a socket is born with. */
  private static final int SHORT = 100;

  private SocketPath() {}

  /**
   * Binds {@code server} so that {@code path} is never seen with a mode other than 0600: it is born
   * in a folder that nobody else may enter, and moved.
   */
  static void bind(ServerSocketChannel server, Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    Path cradle =
        Files.createTempDirectory(
            folder,
            ".s",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path born = cradle.resolve("s");
    try {
      through(born, shortPath -> server.bind(UnixDomainSocketAddress.of(shortPath)));
      Files.setPosixFilePermissions(born, PosixFilePermissions.fromString("rw-------"));
      Files.move(born, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(born);
      Files.delete(cradle);
    }
  }

  static SocketChannel connect(Path path) throws IOException {
    return through(
        path.toAbsolutePath(),
        shortPath -> SocketChannel.open(UnixDomainSocketAddress.of(shortPath)));
  }

  private interface Use<T> {
    T at(Path path) throws IOException;
  }

  private static <T> T through(Path path, Use<T> use) throws IOException {
    if (path.toString().getBytes(StandardCharsets.UTF_8).length <= SHORT) {
      return use.at(path);
    }
    Path detour = Files.createTempDirectory("caravan");
    Path link = detour.resolve("d");
    try {
      Files.createSymbolicLink(link, path.getParent());
      return use.at(link.resolve(path.getFileName()));
    } finally {
      Files.deleteIfExists(link);
      Files.delete(detour);
    }
  }
}
