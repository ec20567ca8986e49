/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Optional;

/**
 * A header of every outgoing request.
 *
 * @param prefix stands before the value with one space between
 */
public record Header(String name, ValueType value, Optional<String> prefix) {}
