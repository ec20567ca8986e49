/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

/**
 * A text to be read.
 *
 * @param name what messages call it: a file's path as the user named it
 */
public record Source(String name, String text) {}
