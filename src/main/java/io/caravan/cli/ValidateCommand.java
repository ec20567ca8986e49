/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.Condition;
import io.caravan.api.manifest.Finding;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.manifest.Manifests;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caravan validate}: says everything that is wrong with manifests. */
@Command(
    name = "validate",
    description = {
      "Checks manifests by the rules that hold in a cluster too: structure, defaults, CEL; and the properties of outputs by the schema of their Kamelet. Prints every finding of every file as FILE:LINE:COLUMN: FIELD: MESSAGE to stdout.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all manifests are valid; warnings and notices count as valid",
      "1:there is an error in one",
      "2:wrong usage: no such file, no manifest in it"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  caravan validate pipelines/ more/secret.yaml"})
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** What is wrong with an output whatever else there is. */
  private static final Set<String> ERRORS =
      Stream.of(Reason.KAMELET_NOT_FOUND, Reason.KAMELET_INVALID, Reason.KAMELET_PROPERTY_INVALID)
          .map(Reason::toString)
          .collect(Collectors.toSet());

  @Mixin private ManifestInputs inputs = new ManifestInputs();

  @Override
  public Integer call() throws CommandFailure, IOException {
    Manifests manifests = inputs.read();
    List<Finding> findings = new ArrayList<>(manifests.findings());
    findings.addAll(plannedFindings(manifests));
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(finding -> out.println(FindingLine.of(finding)));
    int resources =
        manifests.pipelines().size()
            + manifests.telemetries().size()
            + manifests.secrets().size()
            + manifests.kamelets().size();
    if (resources == 0 && !manifests.hasErrors()) {
      throw new CommandFailure(ExitCode.USAGE, "there is no manifest in " + inputs);
    }
    List<Finding> planned = findings.subList(manifests.findings().size(), findings.size());
    long errors = count(findings, Severity.ERROR);
    out.printf(
        "%d valid, %d errors, %d warnings%n",
        resources - count(planned, Severity.ERROR), errors, count(findings, Severity.WARNING));
    return errors == 0 ? ExitCode.OK : ExitCode.FAILURE;
  }

  /**
   * What admission cannot know: the schema of a Kamelet, and what this version does not do yet. A
   * Secret that is not among the files may well be where they are applied, so it is no finding.
   */
  private static List<Finding> plannedFindings(Manifests manifests) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (PipelinePlan plan : ManifestInputs.plan(manifests).pipelines()) {
      Condition condition = plan.configurationGenerated();
      Optional<Severity> severity = severity(condition.reason());
      manifests.pipelines().stream()
          .filter(found -> found.resource().id().equals(plan.id()))
          .forEach(
              found ->
                  severity.ifPresent(
                      one ->
                          findings.add(
                              new Finding(one, found.location(), "", condition.message()))));
    }
    return findings;
  }

  private static Optional<Severity> severity(String reason) {
    if (ERRORS.contains(reason)) {
      return Optional.of(Severity.ERROR);
    }
    return reason.equals(Reason.NOT_SUPPORTED_YET.toString())
        ? Optional.of(Severity.WARNING)
        : Optional.empty();
  }

  private static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(one -> one.severity() == severity).count();
  }
}
