/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.caravan.acceptance.fixture.Programs;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.shard.Shard;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A manager with a thousand pipelines, all of them with client certificates from Secrets of fifty
 * namespaces, among ten thousand Secrets.
 */
@Isolated("measures time and memory")
class ManagerScaleTest {
  private static final String NAMESPACE = "kyma-system";
  private static final int PIPELINES = 1000;
  private static final int OTHER_SECRETS = 9000;
  private static final int NAMESPACES = 50;

  /**
   * What holds with the start-up cache, whose pages count. The goal is 200 MB; docs/performance.md
   * says what is in the way.
   */
  private static final long MOST_MEMORY = 240L << 20;

  /**
   * Of a round: the processor time that the whole process takes from the change until it is at
   * rest, by rounds. How long a round lasts depends on what else this machine does, and on the API
   * server, which shares its processors: that is printed.
   */
  private static final Duration MOST_WORK = Duration.ofSeconds(1);

  /** Longer than the minute after which the manager looks at everything again. */
  private static final Duration REST = Duration.ofSeconds(65);

  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Pattern COUNT =
      Pattern.compile("(?m)^caravan_manager_rounds_seconds_count(?:\\{[^}]*})? ([0-9.E]+)$");
  private static final Pattern SUM =
      Pattern.compile("(?m)^caravan_manager_rounds_seconds_sum(?:\\{[^}]*})? ([0-9.E-]+)$");

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static ManagerWrites writes;
  private static ManyObjects objects;
  private static ManagerProcess manager;

  private static final Pattern OPTIONS = Pattern.compile("name: JDK_JAVA_OPTIONS\\s+value: (.+)");
  private static final Pattern LIMIT = Pattern.compile("limits:\\s+memory: (\\d+)Mi");

  /** The image's share of the memory limit that is heap. */
  private static final int QUARTER = 4;

  private record Rounds(double count, double seconds, Duration work) {}

  @BeforeAll
  static void fill() throws Exception {
    new ManagerCluster(API).install();
    writes = new ManagerWrites(API);
    objects = new ManyObjects(API.client(), NAMESPACES);
    objects.make(PIPELINES, OTHER_SECRETS);
    manager =
        ManagerProcess.start(
                API.users().serviceAccount(NAMESPACE, "telemetry-manager"),
                NAMESPACE,
                "first",
                Map.of("CARAVAN_JAVA_OPTS", shippedOptions()))
            .awaitActing();
    settled().untilAsserted(() -> assertThat(generated()).isEqualTo(PIPELINES));
    awaitRest();
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  /** As the shipped Deployment has them, with the heap that its limit gives. */
  private static String shippedOptions() throws IOException {
    String manifest = Files.readString(Programs.home().resolve("deploy/install.yaml"));
    return "-Xmx%dm %s"
        .formatted(
            Integer.parseInt(only(LIMIT, manifest)) / QUARTER, only(OPTIONS, manifest).strip());
  }

  private static String only(Pattern pattern, String text) {
    List<String> found = pattern.matcher(text).results().map(each -> each.group(1)).toList();
    assertThat(found).as(pattern.pattern()).hasSize(1);
    return found.getFirst();
  }

  private static ConditionFactory settled() {
    return await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofSeconds(1));
  }

  private static long generated() {
    return ManyObjects.KINDS.stream()
        .flatMap(
            kind ->
                API
                    .client()
                    .genericKubernetesResources("telemetry.kyma-project.io/v1beta1", kind)
                    .list()
                    .getItems()
                    .stream())
        .filter(ManagerScaleTest::isGenerated)
        .count();
  }

  private static boolean isGenerated(GenericKubernetesResource pipeline) {
    List<Map<String, Object>> conditions = pipeline.get("status", "conditions");
    return conditions != null
        && conditions.stream()
            .anyMatch(
                one ->
                    "ConfigurationGenerated".equals(one.get("type"))
                        && "True".equals(one.get("status")));
  }

  /** Nothing is written for some seconds. */
  private static void awaitRest() {
    settled()
        .until(
            () -> {
              SortedMap<String, Double> before = writes.counted();
              await().pollDelay(QUIET).until(() -> true);
              return writes.counted().equals(before);
            });
  }

  private static Rounds rounds() {
    String metrics = manager.admin().get("/metrics").body();
    return new Rounds(number(COUNT, metrics), number(SUM, metrics), work());
  }

  private static Duration work() {
    return ProcessHandle.of(manager.process().pid())
        .flatMap(one -> one.info().totalCpuDuration())
        .orElseThrow();
  }

  private static double number(Pattern line, String metrics) {
    Matcher found = line.matcher(metrics);
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }

  private static long residentBytes() throws IOException {
    return kibibytes("VmRSS:") << 10;
  }

  private static long kibibytes(String field) throws IOException {
    Path status = Path.of("/proc", Long.toString(manager.process().pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldWriteOneShardForOneChangedPipelineWithLittleWork() {
    awaitRest();
    SortedMap<String, String> before = writes.shards();
    Rounds rounds = rounds();
    var _ =
        API.client()
            .resource(objects.pipeline(7, "https://elsewhere.example:4317"))
            .forceConflicts()
            .serverSideApply();

    settled().untilAsserted(() -> assertThat(writes.since(before)).hasSize(2));
    awaitRest();

    assertThat(writes.since(before)).isEqualTo(shardOf(7));
    assertLittleWork(rounds);
  }

  @Test
  void shouldWriteOneShardForOneChangedSecretWithLittleWork() {
    awaitRest();
    SortedMap<String, String> before = writes.shards();
    Rounds rounds = rounds();
    var _ = API.client().resource(objects.credentials(11, 1)).forceConflicts().serverSideApply();

    settled().untilAsserted(() -> assertThat(writes.since(before)).hasSize(2));
    awaitRest();

    assertThat(writes.since(before)).isEqualTo(shardOf(11));
    assertLittleWork(rounds);
  }

  private static SortedSet<String> shardOf(int number) {
    String kind = ManyObjects.kind(number);
    String name =
        Shard.name(
            Shard.of(
                new PipelineId(
                    Arrays.stream(PipelineKind.values())
                        .filter(one -> one.kind().equals(kind))
                        .findFirst()
                        .orElseThrow(),
                    ManyObjects.name(number),
                    "")));
    return new TreeSet<>(List.of("ConfigMap " + name, "Secret " + name));
  }

  private static void assertLittleWork(Rounds before) {
    Rounds now = rounds();
    double count = now.count() - before.count();
    double wall = (now.seconds() - before.seconds()) / count;
    double work = now.work().minus(before.work()).toMillis() / 1000.0 / count;
    System.out.printf(
        "scale rounds=%.0f wall=%.3fs processor=%.3fs%n", count, wall, work); // for the record
    assertThat(work).isLessThanOrEqualTo(MOST_WORK.toMillis() / 1000.0);
  }

  @Test
  void shouldWriteNothingAtRestAndStayWithinItsMemory() throws IOException {
    awaitRest();
    SortedMap<String, Double> before = writes.counted();
    long began = System.nanoTime();

    await()
        .atMost(REST.plusSeconds(30))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> System.nanoTime() - began > REST.toNanos());

    assertThat(writes.counted()).isEqualTo(before);
    System.out.printf( // for the record
        "scale rss=%dMiB anonymous=%dMiB files=%dMiB%n",
        residentBytes() >> 20, kibibytes("RssAnon:") >> 10, kibibytes("RssFile:") >> 10);
    assertThat(residentBytes()).isLessThanOrEqualTo(MOST_MEMORY);
  }
}
