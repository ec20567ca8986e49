/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.manifest.Finding;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.api.manifest.Manifests;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caravan validate}: says everything that is wrong with manifests. */
@Command(
    name = "validate",
    description = {
      "Checks manifests by the rules that hold in a cluster too: structure, defaults, CEL. Prints every finding of every file as FILE:LINE:COLUMN: FIELD: MESSAGE to stdout.",
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

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description =
          "Files, and folders whose *.yaml, *.yml and *.json are read, without sub-folders.")
  private List<Path> paths = List.of();

  @Override
  public Integer call() throws CommandFailure {
    InputPaths.requireExisting(paths);
    Manifests manifests = ManifestReader.read(paths);
    PrintWriter out = spec.commandLine().getOut();
    for (Finding finding : manifests.findings()) {
      out.println(FindingLine.of(finding));
    }
    long errors = count(manifests, Severity.ERROR);
    int resources =
        manifests.pipelines().size()
            + manifests.telemetries().size()
            + manifests.secrets().size()
            + manifests.kamelets().size();
    if (resources == 0 && errors == 0) {
      throw new CommandFailure(ExitCode.USAGE, "there is no manifest in " + InputPaths.join(paths));
    }
    out.printf(
        "%d valid, %d errors, %d warnings%n",
        resources, errors, count(manifests, Severity.WARNING));
    return errors == 0 ? ExitCode.OK : ExitCode.FAILURE;
  }

  private static long count(Manifests manifests, Severity severity) {
    return manifests.findings().stream().filter(one -> one.severity() == severity).count();
  }
}
