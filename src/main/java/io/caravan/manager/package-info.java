/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The Kubernetes shell: a cluster's resources in, objects and statuses out. Pure in the middle
 * ({@code status}, {@code workload}, {@code admission}), and a thin shell round that.
 */
@NullMarked
package io.caravan.manager;

import org.jspecify.annotations.NullMarked;
