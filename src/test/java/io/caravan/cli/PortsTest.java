/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PortsTest {
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

  @ParameterizedTest
  @ValueSource(strings = {"--grpc-port", "--http-port", "--admin-port"})
  void shouldNameThePortAndTheFlagWhenAPortIsTaken(String flag) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, LOCAL)) {
      CommandFailure failure = failure(flag + "=" + taken.getLocalPort());

      assertThat(failure.code()).isEqualTo(ExitCode.FAILURE);
      assertThat(failure)
          .hasMessage(
              "port %d of 127.0.0.1 is in use by another process; choose another with %s"
                  .formatted(taken.getLocalPort(), flag));
    }
  }

  @Test
  void shouldNameAllPortsThatAreTaken() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, LOCAL);
        ServerSocket other = new ServerSocket(0, 1, LOCAL)) {
      assertThat(
              failure("--grpc-port=" + one.getLocalPort(), "--admin-port=" + other.getLocalPort()))
          .hasMessageContainingAll(
              Integer.toString(one.getLocalPort()),
              "--grpc-port",
              Integer.toString(other.getLocalPort()),
              "--admin-port");
    }
  }

  @ParameterizedTest
  @CsvSource({"--grpc-port,--http-port", "--grpc-port,--admin-port", "--http-port,--admin-port"})
  void shouldNameBothFlagsWhenTheyHaveOnePort(String one, String other) {
    CommandFailure failure = failure(one + "=14317", other + "=14317");

    assertThat(failure.code()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessage("%s and %s are both 14317; each needs a port of its own".formatted(one, other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "no such host", "127.0.0.1:4317"})
  void shouldNameTheFlagWhenTheAddressIsNotTheMachines(String bind) {
    CommandFailure failure = failure("--bind=" + bind);

    assertThat(failure.code()).isEqualTo(ExitCode.USAGE);
    assertThat(failure)
        .hasMessageStartingWith("--bind: '" + bind + "' is not ")
        .hasMessageContaining("0.0.0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0"})
  void shouldTakeTheMachinesOwnAddresses(String bind) throws CommandFailure {
    assertThat(Ports.check(options("--bind=" + bind))).isNotNull();
  }

  @Test
  void shouldNotKeepAPortThatItLookedAt() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, LOCAL)) {
      port = free.getLocalPort();
    }
    Ports.check(options("--grpc-port=" + port));

    try (ServerSocket again = new ServerSocket(port, 1, LOCAL)) {
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void shouldSayWhyAPortCannotBeHadForAnotherReason() {
    assertThat(Ports.cannotListen(LOCAL, 80, "--http-port", new IOException("Permission denied")))
        .isEqualTo(
            "port 80 of 127.0.0.1 cannot be listened on (Permission denied); choose another with --http-port");
  }

  private static CommandFailure failure(String... flags) {
    return catchThrowableOfType(CommandFailure.class, () -> Ports.check(options(flags)));
  }

  /** All ports are any free one, unless the flags say otherwise. */
  private static RunOptions options(String... flags) {
    RunOptions options = new RunOptions();
    new CommandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(flags(flags));
    return options;
  }

  private static String[] flags(String... flags) {
    String[] all = new String[flags.length + 4];
    all[0] = "--grpc-port=0";
    all[1] = "--http-port=0";
    all[2] = "--admin-port=0";
    all[3] = "pipelines";
    System.arraycopy(flags, 0, all, 4, flags.length);
    return all;
  }
}
