/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/**
 * A Kamelet resource ({@code camel.apache.org/v1}) as found among the manifests. What is in it is
 * read by Camel and by the planner.
 *
 * @param name {@code metadata.name}
 * @param yaml the text of the resource alone, with nothing changed but its indentation
 */
public record KameletSource(String name, String yaml) {}
