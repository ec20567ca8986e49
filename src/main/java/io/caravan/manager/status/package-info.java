/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the status of pipelines and of the Telemetry resource says: plan, workloads and what nodes
 * report in, conditions out. Knows no client. Sources: the types, reasons and messages are those of
 * the predecessor, which dashboards and alerts of its users name.
 */
@NullMarked
package io.caravan.manager.status;

import org.jspecify.annotations.NullMarked;
