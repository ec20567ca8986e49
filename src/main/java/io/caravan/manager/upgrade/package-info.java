/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** What is left of the predecessor, or of an older version, and is made new in place. */
@NullMarked
package io.caravan.manager.upgrade;

import org.jspecify.annotations.NullMarked;
