/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** YAML as Kubernetes reads it: JSON trees, with the place of every field. */
@NullMarked
package io.caravan.api.yaml;

import org.jspecify.annotations.NullMarked;
