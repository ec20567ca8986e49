/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The webhooks that an API server calls: defaults, validation and conversion of our resources, as
 * functions of the review, and the HTTPS server in front of them.
 */
@NullMarked
package io.caravan.manager.admission;

import org.jspecify.annotations.NullMarked;
