/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.caravan.acceptance.fixture.CaravanProcess;
import java.util.regex.Pattern;

/**
 * What a process says in {@code /metrics} of the records of one pipeline, of all inputs together.
 *
 * @param deadLettered those that are still put aside
 * @param missingBytes of one side of the ledger that the other has not; 0 as all else of it
 */
record Books(
    long accepted,
    long created,
    long delivered,
    long queued,
    long dropped,
    long deadLettered,
    long missingBytes) {

  /** Of a TracePipeline of that name, at this moment. */
  static Books of(CaravanProcess caravan, String pipeline) {
    Reading reading = new Reading(caravan.metrics(), "tracepipeline/" + pipeline);
    return new Books(
        reading.total("records", "accepted"),
        reading.total("records", "created"),
        reading.total("records", "delivered"),
        reading.queued("records"),
        reading.total("records", "dropped"),
        reading.total("records", "dead_lettered") - reading.total("records", "dead_letter_dropped"),
        reading.total("bytes", "accepted")
            + reading.total("bytes", "created")
            - reading.total("bytes", "delivered")
            - reading.queued("bytes")
            - reading.total("bytes", "dropped")
            - reading.total("bytes", "dead_lettered")
            + reading.total("bytes", "dead_letter_dropped"));
  }

  /** Records of one side that the other has not; 0 where all is accounted for. */
  long missing() {
    return accepted + created - delivered - queued - dropped - deadLettered;
  }

  private record Reading(String metrics, String pipeline) {
    long total(String unit, String result) {
      return sum(
          "caravan_pipeline_%s_total".formatted(unit), "(?=[^}]*result=\"%s\")".formatted(result));
    }

    long queued(String unit) {
      return sum("caravan_pipeline_queued_" + unit, "");
    }

    private long sum(String name, String condition) {
      return Pattern.compile(
              "(?m)^%s\\{(?=[^}]*pipeline=\"%s\")%s[^}]*\\} (\\S+)$"
                  .formatted(name, Pattern.quote(pipeline), condition))
          .matcher(metrics)
          .results()
          .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
          .sum();
    }
  }
}
