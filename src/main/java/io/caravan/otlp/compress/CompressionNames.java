/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the two protocols call the compressions. The words are those that the OpenTelemetry
 * Collector sends and takes; they are not the same: {@code snappy} is a block over HTTP and framed
 * over gRPC.
 */
public enum CompressionNames {
  /** {@code Content-Encoding} (RFC 9110), in any case. */
  HTTP(
      new Name("gzip", Compression.GZIP),
      new Name("x-gzip", Compression.GZIP),
      new Name("zstd", Compression.ZSTD),
      new Name("snappy", Compression.SNAPPY),
      new Name("x-snappy-framed", Compression.SNAPPY_FRAMED),
      new Name("lz4", Compression.LZ4),
      new Name("deflate", Compression.DEFLATE),
      new Name("zlib", Compression.DEFLATE)),
  /** {@code grpc-encoding}. */
  GRPC(
      new Name("gzip", Compression.GZIP),
      new Name("zstd", Compression.ZSTD),
      new Name("snappy", Compression.SNAPPY_FRAMED),
      new Name("deflate", Compression.DEFLATE));

  private static final String IDENTITY = "identity";

  private record Name(String word, Compression compression) {}

  @SuppressWarnings("ImmutableEnumChecker") // filled once, in the constructor, to keep the order
  private final Map<String, Compression> byWord = new LinkedHashMap<>();

  CompressionNames(Name... names) {
    for (Name name : names) {
      byWord.put(name.word(), name.compression());
    }
  }

  /**
   * The compression that a header names.
   *
   * @param header the header's value; null where there is none, which means no compression
   * @return empty where it is unknown, or not available in this process
   */
  public Optional<Compression> find(@Nullable CharSequence header) {
    if (header == null) {
      return Optional.of(Compression.NONE);
    }
    String word = header.toString().strip().toLowerCase(Locale.ROOT);
    if (word.isEmpty() || word.equals(IDENTITY)) {
      return Optional.of(Compression.NONE);
    }
    return Optional.ofNullable(byWord.get(word)).filter(Compression::available);
  }

  /** The word for a compression; not for {@link Compression#NONE}, which has no header. */
  public String of(Compression compression) {
    return byWord.entrySet().stream()
        .filter(entry -> entry.getValue() == compression)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(this + " has no word for " + compression));
  }

  /** Every word that {@link #find} takes, the best known first. */
  public List<String> accepted() {
    return Stream.concat(
            this == GRPC ? Stream.of(IDENTITY) : Stream.empty(),
            byWord.entrySet().stream()
                .filter(entry -> entry.getValue().available())
                .map(Map.Entry::getKey))
        .toList();
  }

  /** What requests can be sent with: the words of an exporter's option {@code compression}. */
  public List<String> offered() {
    return Stream.concat(
            Stream.of("none"),
            Arrays.stream(Compression.values())
                .filter(c -> c != Compression.NONE && c.canCompress() && byWord.containsValue(c))
                .map(this::of))
        .toList();
  }
}
