/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

/** A place in a text; lines and columns count from 1. */
public record Place(int line, int column) {}
