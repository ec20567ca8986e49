/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the TLS of both directions has in common: the provider, and keys and certificates in PEM.
 */
@NullMarked
package io.caravan.otlp.tls;

import org.jspecify.annotations.NullMarked;
