/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.concurrent.Executor;

/**
 * Where a pipeline delivers to.
 *
 * @param executor calls the connector; {@code Runnable::run} for one that never blocks
 */
public record Output(Connector connector, Executor executor) {}
