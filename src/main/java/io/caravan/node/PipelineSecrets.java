/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/**
 * The secret values of all pipelines, for Camel to look up by a name that cannot be guessed, so
 * that no other pipeline's property can refer to it. Thread-safe.
 *
 * <p>A part of Camel's registry of its own, because Camel looks through the whole of the other part
 * for each endpoint that it makes, to find beans by their type.
 */
final class PipelineSecrets implements BeanRepository {
  private final Map<String, String> texts = new ConcurrentHashMap<>();

  /** Keeps the text until it is forgotten, and returns its name. */
  String keep(String text) {
    String name = "secret-" + UUID.randomUUID();
    texts.put(name, text);
    return name;
  }

  void forget(String name) {
    texts.remove(name);
  }

  /** As an endpoint's option it is asked for by its name, in an expression with a # before it. */
  @Override
  public @Nullable String lookupByName(String name) {
    return texts.get(name.startsWith("#") ? name.substring(1) : name);
  }

  @Override
  public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
    String text = lookupByName(name);
    return type.isInstance(text) ? type.cast(text) : null;
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    return Map.of();
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return Set.of();
  }
}
