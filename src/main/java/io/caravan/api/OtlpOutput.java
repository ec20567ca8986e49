/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;
import java.util.Optional;

/**
 * {@code spec.output.otlp}.
 *
 * @param protocol {@code grpc} unless the manifest says otherwise
 * @param endpoint host and port, or a URL
 * @param path appended to the endpoint, which it makes the full URL of the signal; HTTP only
 * @param compression gzip where empty
 * @param temporality MetricPipelines only, and there always present
 */
public record OtlpOutput(
    Protocol protocol,
    ValueType endpoint,
    Optional<String> path,
    Optional<Compression> compression,
    Optional<Authentication> authentication,
    List<Header> headers,
    Tls tls,
    Optional<Temporality> temporality)
    implements Output {

  public OtlpOutput {
    headers = List.copyOf(headers);
  }

  /** Which exporter is used. */
  public enum Protocol {
    GRPC,
    HTTP
  }

  /** How a request's body is compressed. */
  public enum Compression {
    NONE,
    GZIP,
    SNAPPY,
    ZSTD
  }

  /** What becomes of cumulative sums and histograms. */
  public enum Temporality {
    /** They stay as they came. */
    PRESERVE,
    /** They are converted to deltas. */
    DELTA
  }
}
