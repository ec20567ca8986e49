/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import io.caravan.api.PipelineId;
import io.caravan.plan.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One part of a plan: the data of a ConfigMap and of a Secret of the same name.
 *
 * @param number from 0 to {@link #COUNT} - 1
 * @param config what anybody may see
 * @param secret the values, as text and not in base64; never printed
 */
public record Shard(
    int number, SortedMap<String, String> config, SortedMap<String, String> secret) {

  /** How many there are, always: their names stand in Roles and pod templates. */
  public static final int COUNT = 16;

  /** Copies the maps. */
  public Shard {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("shard %d of %d".formatted(number, COUNT));
    }
    config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
    secret = Collections.unmodifiableSortedMap(new TreeMap<>(secret));
  }

  /** A shard without pipelines. */
  public static Shard empty(int number) {
    return new Shard(number, Collections.emptySortedMap(), Collections.emptySortedMap());
  }

  /** The shard of a pipeline and of all that have had its name. */
  public static int of(PipelineId pipeline) {
    String digest = new Digest().add(pipeline.toString()).toHex();
    return Character.digit(digest.charAt(digest.length() - 1), COUNT);
  }

  /** The name of the ConfigMap and of the Secret: {@code telemetry-plan-07}. */
  public static String name(int number) {
    return "telemetry-plan-%02d".formatted(number);
  }

  public String name() {
    return name(number);
  }

  /** The bytes of a ConfigMap's or Secret's data, as the API server counts them. */
  static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public String toString() {
    return "%s[%s, secret of %d]".formatted(name(), config.keySet(), secret.size());
  }
}
