/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Between the versions of a resource, and from valid trees with defaults to the records. */
@NullMarked
package io.caravan.api.convert;

import org.jspecify.annotations.NullMarked;
