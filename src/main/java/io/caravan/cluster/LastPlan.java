/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.plan.shard.Shard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ran last, in the data folder: the shards without their Secrets, which would outlive their
 * deletion on a disk. It tells a process that starts without an API server which pipelines there
 * are, so that it keeps their backlogs; what they need to run has to be mounted.
 *
 * <p>{@code {"format":1,"shards":{"07":{"tracepipeline.demo":"..."}}}}. Written whole, synced and
 * renamed.
 */
public final class LastPlan {
  static final String FILE = "last-plan.json";

  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int FORMAT = 1;

  private final Path file;
  private String written = "";

  /**
   * @param data the process's own folder
   */
  public LastPlan(Path data) {
    this.file = data.resolve(FILE);
  }

  /** By number; nothing if there is no file, or one that this version cannot read. */
  SortedMap<Integer, Shard> read() {
    SortedMap<Integer, Shard> shards = new TreeMap<>();
    if (!Files.exists(file)) {
      return shards;
    }
    try {
      JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
      if (root.path("format").asInt() != FORMAT) {
        throw new IOException("its format is " + root.path("format"));
      }
      for (Map.Entry<String, JsonNode> each : root.path("shards").properties()) {
        SortedMap<String, String> config = new TreeMap<>();
        each.getValue()
            .properties()
            .forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
        int number = Integer.parseInt(each.getKey());
        shards.put(number, new Shard(number, config, new TreeMap<>()));
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("why", e.toString())
          .log("The last plan cannot be read; the one of the API server is waited for");
      return new TreeMap<>();
    }
    return shards;
  }

  /** Remembers shards; one that cannot be written is told, and tried again with the next. */
  void write(Collection<Shard> shards) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    ObjectNode all = root.putObject("shards");
    for (Shard shard : shards) {
      ObjectNode config = all.putObject("%02d".formatted(shard.number()));
      shard.config().forEach(config::put);
    }
    String text = root.toString();
    if (text.equals(written)) {
      return;
    }
    Path unfinished = file.resolveSibling(FILE + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          int _ = channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      written = text;
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("why", e.toString())
          .log("The plan cannot be remembered; a start without an API server runs an older one");
    }
  }
}
