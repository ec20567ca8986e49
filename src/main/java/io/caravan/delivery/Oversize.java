/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.OtlpStatus;

/** An item that the backend found too large though it was alone. */
record Oversize(Item item, OtlpStatus status) {}
