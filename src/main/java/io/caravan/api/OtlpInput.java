/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/**
 * {@code spec.input.otlp}: what is pushed to the gateway.
 *
 * @param enabled whether the pipeline takes pushed data at all
 */
public record OtlpInput(boolean enabled, NamespaceSelector namespaces) {}
