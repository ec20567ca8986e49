/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests of YAML and its places. */
@NullMarked
package io.caravan.api.yaml;

import org.jspecify.annotations.NullMarked;
