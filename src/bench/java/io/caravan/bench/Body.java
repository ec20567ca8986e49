/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * A request's body, ready to be sent.
 *
 * @param contentBytes its length before compression
 */
record Body(byte[] bytes, int contentBytes) {}
