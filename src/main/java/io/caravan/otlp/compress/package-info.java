/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The compressions of OTLP requests: between direct buffers, on the thread that calls, bounded in
 * memory by what the caller allows and never by what a peer announces.
 */
@NullMarked
package io.caravan.otlp.compress;

import org.jspecify.annotations.NullMarked;
