/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The rules of the custom resources: defaults, structural schema and CEL rules, all read from the
 * resource definitions of {@code deploy/crds} and applied in the order in which an API server with
 * the webhooks applies them.
 */
@NullMarked
package io.caravan.api.schema;

import org.jspecify.annotations.NullMarked;
