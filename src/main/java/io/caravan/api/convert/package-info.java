/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** From valid trees with defaults to the records of the resources. */
@NullMarked
package io.caravan.api.convert;

import org.jspecify.annotations.NullMarked;
