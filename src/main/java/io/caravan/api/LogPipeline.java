/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;
import java.util.Optional;

/**
 * A LogPipeline of {@code telemetry.kyma-project.io/v1beta1}.
 *
 * @param filters raw filter sections in Fluent Bit's configuration language
 * @param files mounted for {@code filters} and a custom output
 * @param variables environment of {@code filters} and a custom output
 */
public record LogPipeline(
    ObjectMeta metadata,
    Input input,
    Output output,
    List<TransformSpec> transform,
    List<FilterSpec> filter,
    List<CustomFilter> filters,
    List<FileMount> files,
    List<Variable> variables,
    Delivery delivery)
    implements Pipeline {

  public LogPipeline {
    transform = List.copyOf(transform);
    filter = List.copyOf(filter);
    filters = List.copyOf(filters);
    files = List.copyOf(files);
    variables = List.copyOf(variables);
  }

  @Override
  public PipelineKind kind() {
    return PipelineKind.LOG;
  }

  @Override
  public Pipeline with(ObjectMeta other) {
    return new LogPipeline(
        other, input, output, transform, filter, filters, files, variables, delivery);
  }

  /** Where log records come from. */
  public record Input(RuntimeInput runtime, OtlpInput otlp) {}

  /**
   * The standard output and error of containers.
   *
   * @param keepOriginalBody whether a parsed record keeps its raw text in {@code log.original}
   * @param keepAnnotations whether the Pod's annotations are added; outputs http and custom only
   * @param dropLabels whether the Pod's labels are left out; outputs http and custom only
   */
  public record RuntimeInput(
      boolean enabled,
      NamespaceSelector namespaces,
      Containers containers,
      boolean keepOriginalBody,
      boolean keepAnnotations,
      boolean dropLabels) {}

  /** Which containers, by name; {@code *} stands for any text. At most one list has entries. */
  public record Containers(List<String> include, List<String> exclude) {

    public Containers {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
    }
  }

  /** A raw filter section. */
  public record CustomFilter(Optional<String> custom) {}

  /** A file with the given content. */
  public record FileMount(String name, String content) {}

  /** An environment variable with the value of a Secret's key. */
  public record Variable(String name, ValueType.SecretKeyRef valueFrom) {}
}
