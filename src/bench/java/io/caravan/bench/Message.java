/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.InputStream;

/**
 * A message that nobody has looked at.
 *
 * @param bytes the message, over the buffers that it arrived in; read and closed once
 * @param length its length in bytes
 */
record Message(InputStream bytes, int length) {}
