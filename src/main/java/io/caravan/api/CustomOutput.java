/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/**
 * {@code spec.output.custom}: a raw output section in Fluent Bit's configuration language.
 *
 * @param section the text of the section
 */
public record CustomOutput(String section) implements Output {}
