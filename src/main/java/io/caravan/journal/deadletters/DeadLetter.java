/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import io.netty.buffer.ByteBuf;

/**
 * A request, or a part of one, that will not be tried again.
 *
 * @param header what is said about it
 * @param payload its readable bytes, as they would have been sent
 */
public record DeadLetter(DeadLetterHeader header, ByteBuf payload) {}
