/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * One round of the manager, as functions: from what a cluster holds to what it is to hold. Knows no
 * client.
 */
@NullMarked
package io.caravan.manager.round;

import org.jspecify.annotations.NullMarked;
