/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What is promised, proven: Caravan's process between senders that retry and a backend that does as
 * it is told, while one or the other is hurt. Every record carries who sent it and a number.
 *
 * <p>Each scenario has a short form, which {@code ./mvnw verify} runs, and a long one, which {@code
 * ./mvnw -Pproof verify} runs.
 */
@NullMarked
package io.caravan.acceptance.proof;

import org.jspecify.annotations.NullMarked;
