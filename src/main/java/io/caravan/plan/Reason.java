/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

/** The reasons of the condition {@code ConfigurationGenerated}; {@code toString} is the wire's. */
public enum Reason {
  GATEWAY_CONFIGURED("GatewayConfigured"),
  TLS_CERTIFICATE_ABOUT_TO_EXPIRE("TLSCertificateAboutToExpire"),
  TLS_CERTIFICATE_EXPIRED("TLSCertificateExpired"),
  TLS_CONFIGURATION_INVALID("TLSConfigurationInvalid"),
  REFERENCED_SECRET_MISSING("ReferencedSecretMissing"),
  ENDPOINT_INVALID("EndpointInvalid"),
  VALIDATION_FAILED("ValidationFailed"),
  MAX_PIPELINES_EXCEEDED("MaxPipelinesExceeded"),
  RUNTIME_ADDITIONAL_METRIC_INVALID("RuntimeAdditionalMetricInvalid"),
  // The following are ours; docs/compatibility.md lists them.
  HEADER_INVALID("HeaderInvalid"),
  KAMELET_NOT_FOUND("KameletNotFound"),
  KAMELET_INVALID("KameletInvalid"),
  KAMELET_PROPERTY_INVALID("KameletPropertyInvalid"),
  NOT_SUPPORTED_YET("NotSupportedYet"),
  CONFIGURATION_TOO_LARGE("ConfigurationTooLarge"),
  SPECIFICATION_INVALID("SpecificationInvalid");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
