/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests of the webhooks. */
@NullMarked
package io.caravan.manager.admission;

import org.jspecify.annotations.NullMarked;
