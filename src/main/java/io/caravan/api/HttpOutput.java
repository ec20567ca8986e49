/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Optional;

/**
 * {@code spec.output.http}, the older HTTP output of LogPipelines.
 *
 * @param host a host name only
 * @param port 443 where empty
 * @param uri the path, {@code /} where empty
 * @param compress free text: {@code none} or {@code gzip}
 * @param format free text: {@code gelf}, {@code json}, {@code json_stream}, {@code json_lines} or
 *     {@code msgpack}; {@code json} where empty
 * @param dedot whether dots in the keys of labels and annotations become underscores
 */
public record HttpOutput(
    ValueType host,
    Optional<String> port,
    Optional<String> uri,
    Optional<ValueType> user,
    Optional<ValueType> password,
    Optional<String> compress,
    Optional<String> format,
    boolean dedot,
    Tls tls)
    implements Output {}
