/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.plan.shard.Shard;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every object of every case. */
class WorkloadRulesTest {
  private static final List<String> SHARDS =
      IntStream.range(0, Shard.COUNT).mapToObj(Shard::name).toList();

  static List<WorkloadCase> cases() {
    return WorkloadCase.all();
  }

  private static <T> Stream<T> objects(WorkloadCase each, Class<T> type) {
    return each.objects().stream().filter(type::isInstance).map(type::cast);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLabelEveryObject(WorkloadCase each) {
    assertThat(each.objects())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels())
                    .as(object.getKind())
                    .containsEntry("kyma-project.io/module", "telemetry")
                    .containsEntry("app.kubernetes.io/part-of", "telemetry")
                    .containsEntry("app.kubernetes.io/managed-by", "telemetry-manager")
                    .containsKeys("app.kubernetes.io/name", "app.kubernetes.io/component"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGiveEveryObjectANameThatALabelCanHoldAndNoOtherOfItsKindHas(WorkloadCase each) {
    assertThat(each.objects())
        .extracting(object -> object.getMetadata().getName())
        .allSatisfy(name -> assertThat(name).matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?"))
        .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(63));
    assertThat(each.objects())
        .extracting(object -> object.getKind() + "/" + object.getMetadata().getName())
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMeetPodSecurityRestrictedButForTheNodesFoldersAndTheirOwner(WorkloadCase each) {
    Set<String> known =
        Set.of(
            "volume journal",
            "volume varlogpods",
            "own-data: runAsNonRoot",
            "own-data: runAsUser",
            "own-data: capability CHOWN");
    assertThat(Pods.of(each.objects()))
        .allSatisfy(
            pods ->
                assertThat(PodSecurityStandard.violations(pods.spec()))
                    .as(pods.toString())
                    .isSubsetOf(known));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMeetPodSecurityRestrictedWhereTheJournalIsNotTheNodes(WorkloadCase each) {
    assertThat(Pods.of(each.objects()))
        .filteredOn(
            pods -> pods.spec().getVolumes().stream().allMatch(vol -> vol.getHostPath() == null))
        .allSatisfy(pods -> assertThat(PodSecurityStandard.violations(pods.spec())).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldWriteToNothingButTheJournalAndTheTemporaryFolder(WorkloadCase each) {
    assertThat(Pods.of(each.objects()).stream().flatMap(Pods::containers))
        .allSatisfy(
            container -> {
              assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
              assertThat(container.getVolumeMounts())
                  .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                  .extracting(VolumeMount::getMountPath)
                  .isSubsetOf("/var/lib/caravan", "/tmp");
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMountEveryVolumeAndHaveEveryMountsVolume(WorkloadCase each) {
    boolean claims =
        each.objects().stream().anyMatch(object -> object.getKind().equals("StatefulSet"));
    for (Pods pods : Pods.of(each.objects())) {
      Set<String> volumes = new HashSet<>();
      pods.spec().getVolumes().forEach(volume -> volumes.add(volume.getName()));
      if (claims) {
        volumes.add("journal");
      }
      assertThat(pods.containers().flatMap(it -> it.getVolumeMounts().stream()))
          .extracting(VolumeMount::getName)
          .as(pods.toString())
          .hasSameElementsAs(volumes);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldBoundTheMemoryAndNotTheCpuOfEveryContainer(WorkloadCase each) {
    assertThat(Pods.of(each.objects()).stream().flatMap(Pods::containers))
        .extracting(Container::getResources)
        .allSatisfy(
            resources -> {
              assertThat(resources.getLimits()).containsOnlyKeys("memory");
              assertThat(resources.getRequests()).containsOnlyKeys("memory", "cpu");
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldServeOnlyPortsThatThePodsHave(WorkloadCase each) {
    List<Pods> all = Pods.of(each.objects());
    assertThat(objects(each, Service.class))
        .allSatisfy(
            service ->
                assertThat(ports(all, service.getSpec().getSelector()))
                    .as(service.getMetadata().getName())
                    .containsAll(
                        service.getSpec().getPorts().stream()
                            .map(ServicePort::getTargetPort)
                            .map(port -> port.getIntVal())
                            .toList()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLetInWhatServicesServeAndNothingElse(WorkloadCase each) {
    List<Pods> all = Pods.of(each.objects());
    for (Pods pods : all) {
      Set<Integer> open = new HashSet<>();
      objects(each, NetworkPolicy.class)
          .filter(policy -> pods.matches(policy.getSpec().getPodSelector().getMatchLabels()))
          .flatMap(policy -> policy.getSpec().getIngress().stream())
          .flatMap(rule -> rule.getPorts().stream())
          .forEach(port -> open.add(port.getPort().getIntVal()));
      open.remove(Port.SIDECAR_METRICS.number());
      assertThat(open).as(pods.toString()).isEqualTo(pods.ports());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldSelectPodsThatThereAre(WorkloadCase each) {
    List<Pods> all = Pods.of(each.objects());
    assertThat(
            Stream.of(
                    objects(each, Service.class).map(it -> it.getSpec().getSelector()),
                    objects(each, NetworkPolicy.class)
                        .map(it -> it.getSpec().getPodSelector().getMatchLabels()),
                    objects(each, PodDisruptionBudget.class)
                        .map(it -> it.getSpec().getSelector().getMatchLabels()),
                    all.stream().map(it -> it.selector().getMatchLabels()))
                .flatMap(it -> it))
        .allSatisfy(
            selector -> assertThat(all).filteredOn(pods -> pods.matches(selector)).hasSize(1));
    assertThat(objects(each, HorizontalPodAutoscaler.class))
        .extracting(it -> it.getSpec().getScaleTargetRef().getKind())
        .allSatisfy(
            kind -> assertThat(all).extracting(it -> it.workload().getKind()).contains(kind));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLetNodesReadTheirShardsAndNoOtherObjectOfTheNamespace(WorkloadCase each) {
    assertThat(objects(each, Role.class))
        .hasSameSizeAs(Pods.of(each.objects()))
        .allSatisfy(
            role ->
                assertThat(role.getRules())
                    .allSatisfy(rule -> assertThat(rule.getResourceNames()).isEqualTo(SHARDS))
                    .allSatisfy(rule -> assertThat(rule.getVerbs()).isSubsetOf(Rules.READ))
                    .extracting(rule -> rule.getResources())
                    .containsExactly(List.of("configmaps"), List.of("secrets")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLetNodesWriteNothingAndReadNoSecretOfTheCluster(WorkloadCase each) {
    assertThat(objects(each, ClusterRole.class).flatMap(role -> role.getRules().stream()))
        .allSatisfy(
            rule -> {
              assertThat(rule.getVerbs()).isSubsetOf(Rules.READ);
              assertThat(rule.getResources()).doesNotContain("secrets", "configmaps", "*");
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGiveEveryPodItsAccountAndTellItWhoItIs(WorkloadCase each) {
    List<String> accounts =
        each.objects().stream()
            .filter(object -> object.getKind().equals("ServiceAccount"))
            .map(HasMetadata::getMetadata)
            .map(metadata -> metadata.getName())
            .toList();
    assertThat(Pods.of(each.objects()))
        .allSatisfy(
            pods -> {
              assertThat(accounts).contains(pods.spec().getServiceAccountName());
              assertThat(pods.spec().getContainers().getFirst().getEnv())
                  .extracting(EnvVar::getName)
                  .contains("MY_POD_IP", "MY_NODE_NAME", "MY_POD_NAME");
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMountEveryShardAsAnOptionalVolume(WorkloadCase each) {
    assertThat(Pods.of(each.objects()))
        .allSatisfy(
            pods -> {
              assertThat(pods.spec().getVolumes())
                  .filteredOn(volume -> volume.getConfigMap() != null)
                  .allSatisfy(it -> assertThat(it.getConfigMap().getOptional()).isTrue())
                  .extracting(it -> it.getConfigMap().getName())
                  .isEqualTo(SHARDS);
              assertThat(pods.spec().getVolumes())
                  .filteredOn(
                      volume -> volume.getSecret() != null && inPlan(pods, volume.getName()))
                  .allSatisfy(it -> assertThat(it.getSecret().getOptional()).isTrue())
                  .extracting(it -> it.getSecret().getSecretName())
                  .isEqualTo(SHARDS);
            });
  }

  private static boolean inPlan(Pods pods, String volume) {
    return pods.spec().getContainers().getFirst().getVolumeMounts().stream()
        .anyMatch(
            it ->
                it.getName().equals(volume) && it.getMountPath().startsWith("/etc/caravan/plan/"));
  }

  private static Set<Integer> ports(List<Pods> all, Map<String, String> selector) {
    Set<Integer> ports = new HashSet<>();
    all.stream().filter(pods -> pods.matches(selector)).forEach(it -> ports.addAll(it.ports()));
    return ports;
  }
}
