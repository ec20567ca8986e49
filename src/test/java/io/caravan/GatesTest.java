/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** That the gates which say nothing when all is well are there: one was lost for a day. */
class GatesTest {
  @Test
  void shouldHaveErrorProneAndNullAwayLookAtTheCodeAndEveryWarningBeAnError() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"), UTF_8);

    assertThat(pom)
        .containsPattern("<arg>-Xplugin:ErrorProne [^<]*-Xep:NullAway:ERROR")
        .contains("<arg>-Werror</arg>");
  }
}
