/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests of the rules of the resources. */
@NullMarked
package io.caravan.api.schema;

import org.jspecify.annotations.NullMarked;
