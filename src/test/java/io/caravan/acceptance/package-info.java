/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Caravan as a user meets it: the launcher's process, between clients and servers that nobody here
 * wrote, over real sockets.
 *
 * <p>Failsafe runs these tests in {@code ./mvnw verify}, after the jar was built. The fixtures that
 * find the servers are in {@link io.caravan.acceptance.fixture}.
 */
@NullMarked
package io.caravan.acceptance;

import org.jspecify.annotations.NullMarked;
