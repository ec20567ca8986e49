/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.acceptance.fixture.Collector;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one {@link DeliveryMatrix} of the run, and asks after each class for leaks. */
final class DeliveryMatrixExtension
    implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(DeliveryMatrix.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return new Collector().evaluateExecutionCondition(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == DeliveryMatrix.class;
  }

  @Override
  public DeliveryMatrix resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(DeliveryMatrix.class, type -> started(), DeliveryMatrix.class);
  }

  private static DeliveryMatrix started() {
    try {
      return new DeliveryMatrix().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws Exception {
    DeliveryMatrix matrix = running(context);
    if (matrix != null) {
      matrix.caravan().afterTestExecution(context);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    DeliveryMatrix matrix = running(context);
    if (matrix != null) {
      matrix.caravan().assertNothingLeaked();
    }
  }

  private static @Nullable DeliveryMatrix running(ExtensionContext context) {
    return context.getRoot().getStore(NAMESPACE).get(DeliveryMatrix.class, DeliveryMatrix.class);
  }
}
