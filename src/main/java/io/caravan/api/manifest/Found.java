/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

/**
 * A resource and the place where its document begins.
 *
 * @param <T> its type
 */
public record Found<T>(T resource, Location location) {}
