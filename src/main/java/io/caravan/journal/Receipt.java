/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/**
 * Names a record of one place, and what it counts for there.
 *
 * @param place the number of the place
 * @param position where the record stands; it only grows
 * @param ordinal the number of the record at its place, from 1 on; never used twice
 * @param origin see {@link Entry#origin}
 * @param records that the place takes of it
 * @param bytes that it holds at the place
 */
public record Receipt(
    int place, long position, long ordinal, byte origin, int records, long bytes) {}
