/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * What a request held.
 *
 * @param records spans, data points or log records
 * @param bytes of its protobuf, before compression
 */
record Content(long records, long bytes) {}
