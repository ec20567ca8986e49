/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import io.caravan.plan.shard.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards as the kubelet mounts them: {@code config/telemetry-plan-07/<key>} and {@code
 * secret/telemetry-plan-07/<key>}. They may be a minute old.
 */
public final class PlanMount {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  /** The kubelet puts a new folder behind this link in one step. */
  private static final String DATA = "..data";

  private static final String HIDDEN = "..";

  private final Optional<Path> folder;

  /**
   * @param folder empty if nothing is mounted
   */
  public PlanMount(Optional<Path> folder) {
    this.folder = folder;
  }

  /**
   * What is there, by number. A shard without entries is left out: the object may be empty, or not
   * be there.
   */
  public SortedMap<Integer, Shard> read() {
    SortedMap<Integer, Shard> shards = new TreeMap<>();
    folder.ifPresent(
        root -> {
          for (int number = 0; number < Shard.COUNT; number++) {
            String name = Shard.name(number);
            SortedMap<String, String> config = entries(root.resolve("config").resolve(name));
            if (!config.isEmpty()) {
              shards.put(
                  number, new Shard(number, config, entries(root.resolve("secret").resolve(name))));
            }
          }
        });
    return shards;
  }

  private static SortedMap<String, String> entries(Path volume) {
    SortedMap<String, String> entries = new TreeMap<>();
    Path data = volume.resolve(DATA);
    try (Stream<Path> files = Files.list(Files.exists(data) ? data.toRealPath() : volume)) {
      for (Path file : files.sorted().toList()) {
        String key = file.getFileName().toString();
        if (!key.startsWith(HIDDEN)) {
          entries.put(key, Files.readString(file));
        }
      }
    } catch (NoSuchFileException e) {
      return new TreeMap<>(); // not mounted, or being replaced in this moment
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("folder", volume)
          .addKeyValue("why", e.toString())
          .log("Mounted plan cannot be read");
      return new TreeMap<>();
    }
    return entries;
  }
}
