/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** What is known of a resource beside what its sender says, added once before the fan-out. */
@NullMarked
package io.caravan.enrich;

import org.jspecify.annotations.NullMarked;
