/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code otlp:}: {@code otlp:receiver} listens, {@code otlp:grpc} and {@code
 * otlp:http} export.
 */
@Component("otlp")
public final class OtlpComponent extends DefaultComponent {

  /**
   * The header that names an exchange's signal: {@code traces}, {@code metrics} or {@code logs}.
   */
  public static final String SIGNAL_HEADER = "CaravanSignal";

  /**
   * The exchange property with the number of records (a {@code Long}) that a backend refused of a
   * batch that it took; absent where there were none.
   */
  public static final String REJECTED_PROPERTY = "CaravanRejectedRecords";

  /**
   * The exchange property with what a backend said of a batch that it took, a {@code String};
   * absent where it said nothing.
   */
  public static final String REJECTED_MESSAGE_PROPERTY = "CaravanRejectedMessage";

  /**
   * The exchange property with the {@link SenderDeadline} of the request that an exchange was made
   * of; absent where nobody waits for an answer.
   */
  public static final String DEADLINE_PROPERTY = "CaravanSenderDeadline";

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    Endpoint endpoint =
        switch (remaining) {
          case "receiver" -> new OtlpReceiverEndpoint(uri, this);
          case "grpc" -> new OtlpGrpcEndpoint(uri, this);
          case "http" -> new OtlpHttpEndpoint(uri, this);
          default ->
              throw new IllegalArgumentException(
                  "otlp:"
                      + remaining
                      + " does not exist; use otlp:receiver, otlp:grpc or otlp:http.");
        };
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
