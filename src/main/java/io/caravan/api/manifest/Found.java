/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

/**
 * A resource and the place where its document begins.
 *
 * @param <T> its type
 * @param json the resource as it was written, without defaults, for those who keep it. Empty for a
 *     Secret, which nobody is to keep, and for a Kamelet, which has its text
 */
public record Found<T>(T resource, Location location, String json) {}
