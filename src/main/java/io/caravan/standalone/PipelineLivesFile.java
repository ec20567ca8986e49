/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.KameletSource;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file in which a process's pipelines survive its end: {@code {"format":1,
 * "pipelines":[{"kind", "name", "uid", "deletedAt", "source", "manifest":{...}, "kamelet":{"name",
 * "yaml"}}]}}. It holds no Secret. Whole or not at all, also after a power loss.
 */
final class PipelineLivesFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;

  private final Path path;

  PipelineLivesFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /**
   * What was written last; nothing if nothing was.
   *
   * @throws IOException if it cannot be read or understood; the message is for people
   */
  List<PipelineLife> read() throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    JsonNode file = parse(Files.readAllBytes(path));
    JsonNode format = file.path("format");
    if (format.isMissingNode()) {
      throw new IOException("it does not say its format, so that it is not what was written");
    }
    if (format.asInt() != FORMAT) {
      throw new IOException(
          "its format is %s, and this version knows %d only".formatted(format, FORMAT));
    }
    try {
      List<PipelineLife> lives = new ArrayList<>();
      file.path("pipelines").forEach(one -> lives.add(life(one)));
      return lives;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("an entry is damaged: " + e.getMessage(), e);
    }
  }

  private static JsonNode parse(byte[] bytes) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IOException("it is damaged: " + e.getOriginalMessage(), e);
    }
  }

  private static PipelineLife life(JsonNode node) {
    String kindName = node.path("kind").asText();
    PipelineKind kind =
        Arrays.stream(PipelineKind.values())
            .filter(one -> one.kind().equals(kindName))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("kind is '" + kindName + "'"));
    return new PipelineLife(
        new PipelineId(kind, node.path("name").asText(), node.path("uid").asText()),
        Optional.ofNullable(node.get("deletedAt")).map(JsonNode::asText).map(Instant::parse),
        node.path("source").asText(),
        node.path("manifest").toString(),
        Optional.ofNullable(node.get("kamelet"))
            .map(one -> new KameletSource(one.path("name").asText(), one.path("yaml").asText())));
  }

  /** Replaces what was written, and returns when that is on the disk. */
  void write(Collection<PipelineLife> lives) throws IOException {
    ObjectNode file = JSON.createObjectNode().put("format", FORMAT);
    ArrayNode pipelines = file.putArray("pipelines");
    for (PipelineLife life : lives) {
      pipelines.add(node(life));
    }
    Path next = path.resolveSibling(path.getFileName() + ".next");
    Files.deleteIfExists(next);
    try (FileChannel channel =
        FileChannel.open(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            // Somebody may have written a password into a manifest.
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(file.toPrettyString().getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder =
        FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static ObjectNode node(PipelineLife life) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("kind", life.id().kind().kind());
    node.put("name", life.id().name());
    if (!life.id().uid().isEmpty()) {
      node.put("uid", life.id().uid());
    }
    life.deletedAt().ifPresent(at -> node.put("deletedAt", at.toString()));
    node.put("source", life.source());
    node.set("manifest", JSON.readTree(life.json()));
    life.kamelet()
        .ifPresent(
            kamelet ->
                node.putObject("kamelet").put("name", kamelet.name()).put("yaml", kamelet.yaml()));
    return node;
  }
}
