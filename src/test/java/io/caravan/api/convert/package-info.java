/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests of the conversion to records. */
@NullMarked
package io.caravan.api.convert;

import org.jspecify.annotations.NullMarked;
