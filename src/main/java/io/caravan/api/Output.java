/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/** The one output of a pipeline; each case is named as its field in {@code spec.output}. */
public sealed interface Output permits OtlpOutput, KameletOutput, HttpOutput, CustomOutput {}
