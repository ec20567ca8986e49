/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.Secret;
import io.caravan.api.Telemetry;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything that a plan is made of, at one moment. The order of the lists means nothing.
 *
 * @param pipelines one a kind and name
 * @param telemetry the settings in effect
 * @param secrets one a namespace and name
 * @param kamelets the installed connectors, one a name: where a user's Kamelet has the name of a
 *     shipped one, the shell that makes the snapshot has chosen
 * @param now the time that certificates are checked against
 * @param maxPipelines how many pipelines of each kind may run; empty for any number
 */
public record Snapshot(
    List<Pipeline> pipelines,
    Optional<Telemetry> telemetry,
    List<Secret> secrets,
    List<KameletSource> kamelets,
    Mode mode,
    Instant now,
    OptionalInt maxPipelines) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if two pipelines, Secrets or Kamelets have one name
   */
  public Snapshot {
    pipelines = List.copyOf(pipelines);
    secrets = List.copyOf(secrets);
    kamelets = List.copyOf(kamelets);
    requireUnique("pipelines", pipelines, Pipeline::id);
    requireUnique("Secrets", secrets, secret -> secret.namespace() + "/" + secret.name());
    requireUnique("Kamelets", kamelets, KameletSource::name);
  }

  /** With any number of pipelines. */
  public Snapshot(
      List<Pipeline> pipelines,
      Optional<Telemetry> telemetry,
      List<Secret> secrets,
      List<KameletSource> kamelets,
      Mode mode,
      Instant now) {
    this(pipelines, telemetry, secrets, kamelets, mode, now, OptionalInt.empty());
  }

  private static <T> void requireUnique(String what, List<T> all, Function<T, Object> name) {
    Set<Object> names = new HashSet<>();
    for (T one : all) {
      if (!names.add(name.apply(one))) {
        throw new IllegalArgumentException("two %s named %s".formatted(what, name.apply(one)));
      }
    }
  }
}
