/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the manager learns from an API server and tells it: watches, server-side apply, statuses,
 * events, the lease. Decides nothing.
 */
@NullMarked
package io.caravan.manager.cluster;

import org.jspecify.annotations.NullMarked;
