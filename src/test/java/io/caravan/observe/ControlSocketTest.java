/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlSocketTest {
  private static final Map<String, ControlCommand> COMMANDS =
      Map.of(
          "status",
          _ -> JsonNodeFactory.instance.objectNode().put("healthy", true),
          "big",
          _ -> TextNode.valueOf("x".repeat(8 << 20)),
          "echo",
          request -> request.path("word"),
          "read",
          _ -> missingFile(),
          "fail",
          _ -> wordless());

  /** Longer than a busy machine may take to do what the test is about. */
  private static final long PATIENT = 60_000;

  private static final long IMPATIENT = 100;

  @TempDir Path folder;
  private Path path = Path.of("");
  private ControlSocket socket;

  private static JsonNode missingFile() throws IOException {
    throw new IOException("the journal is not there");
  }

  private static JsonNode wordless() {
    throw new IllegalStateException();
  }

  @BeforeEach
  void open() throws IOException {
    path = folder.resolve("caravan.sock");
    socket = ControlSocket.open(path, COMMANDS, PATIENT);
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  @Test
  void shouldGiveACommandItsArguments() throws IOException {
    assertThat(
            ControlClient.ask(
                    path,
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("command", "echo")
                        .put("word", "gr\u00fc\u00df\ndich"))
                .asText())
        .isEqualTo("gr\u00fc\u00df\ndich");
  }

  @Test
  void shouldAnswerACommandWithItsResult() throws IOException {
    assertThat(ControlClient.ask(path, "status").path("healthy").asBoolean()).isTrue();
    assertThat(ControlClient.ask(path, "status").path("healthy").asBoolean()).isTrue();
  }

  @Test
  void shouldBeForItsUserAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(names()).containsExactly("caravan.sock");
  }

  @Test
  void shouldNameTheCommandsThatThereAreWhenItKnowsNoSuch() {
    assertThatThrownBy(() -> ControlClient.ask(path, "stauts"))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessage("unknown command 'stauts'; known: big, echo, fail, read, status");
  }

  @Test
  void shouldPassOnWhyACommandFailed() {
    assertThatThrownBy(() -> ControlClient.ask(path, "read"))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessage("the journal is not there");
    assertThatThrownBy(() -> ControlClient.ask(path, "fail"))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessage("java.lang.IllegalStateException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "GET / HTTP/1.1\r", "{\"command\":", "[]", "{\"command\":5}", "\u0000\u0001"})
  void shouldSayWhatItExpectsWhenItGetsGarbage(String line) throws IOException {
    JsonNode answer = exchange((line + "\n").getBytes(UTF_8));

    assertThat(answer.path("ok").asBoolean(true)).isFalse();
    assertThat(answer.path("error").asText())
        .isEqualTo("not a line of JSON like {\"command\":\"status\"}");
  }

  @Test
  void shouldRefuseALineThatIsTooLong() throws IOException {
    byte[] line = new byte[ControlSocket.LINE_BYTES + 1];
    line[line.length - 1] = '\n';
    assertThat(exchange(line).path("error").asText()).startsWith("not a line of JSON");

    byte[] longer = new byte[ControlSocket.LINE_BYTES + 2];
    longer[longer.length - 1] = '\n';
    assertThat(exchange(longer).path("error").asText())
        .isEqualTo("the line is longer than 65536 bytes");
  }

  @Test
  void shouldRefuseALineWithoutEnd() throws IOException {
    try (SocketChannel client = connect()) {
      client.write(ByteBuffer.wrap("{}".getBytes(UTF_8)));
      client.shutdownOutput();

      assertThat(read(client).path("error").asText()).isEqualTo("the line has no end");
    }
  }

  @Test
  void shouldHangUpOnAClientThatSaysNothing() throws IOException {
    Path other = folder.resolve("other.sock");
    try (ControlSocket impatient = ControlSocket.open(other, COMMANDS, IMPATIENT);
        SocketChannel client = connect(other)) {
      assertThat(impatient).isNotNull();
      assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void shouldHangUpOnAClientThatDoesNotTakeItsAnswer() throws Exception {
    Path other = folder.resolve("other.sock");
    List<SocketChannel> lazy = new ArrayList<>();
    try (ControlSocket impatient = ControlSocket.open(other, COMMANDS, IMPATIENT)) {
      assertThat(impatient).isNotNull();
      for (int i = 0; i < ControlSocket.CLIENTS; i++) {
        SocketChannel client = connect(other);
        lazy.add(client);
        client.write(ByteBuffer.wrap("{\"command\":\"big\"}\n".getBytes(UTF_8)));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> ControlClient.ask(other, "status").path("healthy").asBoolean());
    } finally {
      for (SocketChannel client : lazy) {
        client.close();
      }
    }
  }

  @Test
  void shouldTellAClientThatTooManyAreThereAlready() throws IOException {
    List<SocketChannel> silent = new ArrayList<>();
    try (ControlSocket patient =
        ControlSocket.open(folder.resolve("other.sock"), COMMANDS, PATIENT)) {
      assertThat(patient).isNotNull();
      for (int i = 0; i < ControlSocket.CLIENTS; i++) {
        silent.add(connect(folder.resolve("other.sock")));
      }

      assertThatThrownBy(() -> ControlClient.ask(folder.resolve("other.sock"), "status"))
          .isInstanceOf(IOException.class)
          .message()
          .containsAnyOf("16 clients are being answered; ask again", "Broken pipe");
    } finally {
      for (SocketChannel client : silent) {
        client.close();
      }
    }
  }

  @Test
  void shouldAnswerABigResultWhole() throws IOException {
    assertThat(ControlClient.ask(path, "big", Duration.ofMillis(PATIENT)).asText())
        .hasSize(8 << 20);
  }

  @Test
  void shouldReplaceWhatAnEarlierProcessLeft() throws IOException {
    Path stale = folder.resolve("stale.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stale));
    }
    assertThat(stale).exists();

    try (ControlSocket fresh = ControlSocket.open(stale, COMMANDS)) {
      assertThat(fresh).isNotNull();
      assertThat(ControlClient.ask(stale, "status").path("healthy").asBoolean()).isTrue();
    }
  }

  @Test
  void shouldReplaceAFileThatIsNoSocket() throws IOException {
    Path file = Files.writeString(folder.resolve("file.sock"), "what is this?");

    try (ControlSocket fresh = ControlSocket.open(file, COMMANDS)) {
      assertThat(fresh).isNotNull();
      assertThat(ControlClient.ask(file, "status").path("healthy").asBoolean()).isTrue();
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenClosed() throws IOException {
    socket.close();

    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> ControlClient.ask(path, "status"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(ControlRefusedException.class);
  }

  @Test
  void shouldWorkInAFolderWhoseNameIsLongerThanTheKernelTakes() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("d".repeat(100)).resolve("e".repeat(100)));

    try (ControlSocket fresh = ControlSocket.open(deep.resolve("caravan.sock"), COMMANDS)) {
      assertThat(fresh).isNotNull();
      assertThat(
              ControlClient.ask(deep.resolve("caravan.sock"), "status").path("healthy").asBoolean())
          .isTrue();
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(deep.resolve("caravan.sock"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void shouldNotWaitForeverForAProcessThatIsStopped() throws IOException {
    Path deaf = folder.resolve("deaf.sock");
    try (ServerSocketChannel nobodyAccepts =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      nobodyAccepts.bind(UnixDomainSocketAddress.of(deaf));

      assertThatThrownBy(() -> ControlClient.ask(deaf, "status", Duration.ofMillis(100)))
          .isInstanceOf(IOException.class)
          .hasMessage("it did not answer within 100 ms");
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private SocketChannel connect() throws IOException {
    return connect(path);
  }

  private static SocketChannel connect(Path path) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  private JsonNode exchange(byte[] request) throws IOException {
    try (SocketChannel client = connect()) {
      client.write(ByteBuffer.wrap(request));
      return read(client);
    }
  }

  private static JsonNode read(SocketChannel client) throws IOException {
    return new JsonMapper().readTree(LineReader.read(Channels.newInputStream(client), 1 << 20));
  }
}
