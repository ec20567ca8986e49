/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

/**
 * A connector as a pipeline uses it.
 *
 * @param name as users write it: {@code http-sink}
 * @param templateId the id under which this very content is registered in Camel: {@code
 *     http-sink-0123456789ab}
 * @param yaml the Kamelet resource, unchanged
 */
public record PlannedKamelet(String name, String templateId, String yaml) {}
