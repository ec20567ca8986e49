/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A plan as the ConfigMaps and Secrets that carry it to gateways and agents
 * (docs/decisions/0020-shards.md). Pure: texts in, texts out.
 */
@NullMarked
package io.caravan.plan.shard;

import org.jspecify.annotations.NullMarked;
