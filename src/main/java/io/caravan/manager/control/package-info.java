/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Commands of people: {@code caravan status}, {@code dead-letters} and {@code replay} for all pods
 * of the gateway at once. Any manager answers them, whether it holds the lease or not.
 */
@NullMarked
package io.caravan.manager.control;

import org.jspecify.annotations.NullMarked;
