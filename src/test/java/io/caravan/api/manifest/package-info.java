/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests of reading manifests. */
@NullMarked
package io.caravan.api.manifest;

import org.jspecify.annotations.NullMarked;
