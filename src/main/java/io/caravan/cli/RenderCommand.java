/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.Condition;
import io.caravan.api.manifest.Manifests;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caravan render}: shows what would run. */
@Command(
    name = "render",
    description = {
      "Prints what the pipelines of manifests become: a YAML document each, with the condition ConfigurationGenerated, where it delivers, the Kamelet's values and the Camel routes. Secret values are masked. Runs nothing.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every pipeline would run",
      "1:one would not; its condition says why",
      "2:wrong usage, or no valid pipeline"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  caravan render deploy/quickstart", "  caravan render pipeline.yaml secret.yaml"})
final class RenderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ManifestInputs inputs = new ManifestInputs();

  @Override
  public Integer call() throws CommandFailure, IOException {
    Manifests manifests = inputs.read();
    PrintWriter err = spec.commandLine().getErr();
    manifests.findings().forEach(finding -> err.println(FindingLine.of(finding)));
    Plan plan = ManifestInputs.plan(manifests);
    if (plan.pipelines().isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "there is no valid pipeline in " + inputs);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(PlanPrinter.print(plan));
    out.flush();
    boolean complete =
        !manifests.hasErrors()
            && plan.pipelines().stream()
                .allMatch(one -> one.configurationGenerated().status() == Condition.Status.TRUE);
    return complete ? ExitCode.OK : ExitCode.FAILURE;
  }
}
