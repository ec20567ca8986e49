/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** The custom resources as types, their defaults, their validation and their conditions. */
@NullMarked
package io.caravan.api;

import org.jspecify.annotations.NullMarked;
