/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Manifests: from YAML files to resources, with findings that say where and what. */
@NullMarked
package io.caravan.api.manifest;

import org.jspecify.annotations.NullMarked;
