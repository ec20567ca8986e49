/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.enrich.StaticAttributes;
import io.caravan.journal.Journal;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.server.ServerSettings;
import io.caravan.signal.FanOutSettings;
import io.caravan.signal.SignalComponent;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/** Makes the Camel context of a node, with nothing in it but the templates. */
final class CamelHost {
  private CamelHost() {}

  /** Camel, initialised and not started. */
  static Main create(
      NodeSettings settings,
      MeterRegistry meters,
      @Nullable Journal journal,
      @Nullable DeadLetters deadLetters) {
    Main main = HostContext.main();
    // Who runs a node says when it ends; Camel's own shutdown hook would race with that.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.setDefaultPropertyPlaceholderLocation("false");
    main.configure()
        .withName("caravan")
        // Management beans cost memory for each route, and dump a Kamelet's options to who asks.
        .withJmxEnabled(false)
        .withBasePackageScanEnabled(false)
        .withAutoConfigurationEnvironmentVariablesEnabled(false)
        .withAutoConfigurationLogSummary(false)
        .withShutdownLogInflightExchangesOnTimeout(false)
        .withShutdownTimeout(Math.max(1, Math.toIntExact(settings.drainTimeout().toSeconds())));
    main.configure().setRoutesIncludePattern("false");
    main.configure().setAutowiredEnabled(false);
    main.configure().setStartupSummaryLevel(StartupSummaryLevel.Off);
    main.addInitialProperty("caravan.data", settings.data().toAbsolutePath().toString());
    main.addInitialProperty("caravan.bind", settings.bind());
    main.addInitialProperty("caravan.grpc-port", Integer.toString(settings.grpcPort()));
    main.addInitialProperty("caravan.http-port", Integer.toString(settings.httpPort()));
    main.addInitialProperty(
        "caravan.otlp.max-connection-age",
        Long.toString(settings.receiver().maxConnectionAge().toMillis()));
    settings.receiver().beans().forEach(main::bind);
    main.bind("meters", meters);
    main.bind("memory", new MemoryBudget(settings.inFlightBytes()));
    if (journal != null) {
      main.bind("journal", journal);
    }
    if (deadLetters != null) {
      main.bind("deadLetters", deadLetters);
    }
    main.init();
    addComponents((ModelCamelContext) main.getCamelContext(), settings);
    return main;
  }

  private static void addComponents(ModelCamelContext context, NodeSettings settings) {
    // A Kamelet's optional property must not become the process's PATH, or a -D of the JVM.
    PropertiesComponent properties = (PropertiesComponent) context.getPropertiesComponent();
    properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
    properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
    context.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
    SignalComponent signal = new SignalComponent();
    signal.setSettings(
        new FanOutSettings(settings.attemptTimeout(), settings.pipelineInFlightBytes()));
    context.addComponent("signal", signal);
    KameletComponent kamelet = new KameletComponent();
    // A Kamelet's stopped route is an answer, not a reason to hold an event loop for 30 s.
    kamelet.setBlock(false);
    context.addComponent("kamelet", kamelet);
    context.getComponent("direct", DirectComponent.class).setBlock(false);
    context
        .getRegistry()
        .bind(BasicAuthorization.BEAN, new BasicAuthorization(context.getRegistry()));
    context.getRegistry().bind(WholeLines.BEAN, new WholeLines());
    context
        .getRegistry()
        .bind(
            StaticAttributes.BEAN,
            new StaticAttributes(
                settings.resourceAttributes(), ServerSettings.DEFAULT_MAX_REQUEST_SIZE));
    for (String scheme : List.of("http", "https")) {
      // Whether and when to try again is decided in one place, which is not the HTTP client.
      context.getComponent(scheme, HttpComponent.class).setAutomaticRetriesDisabled(true);
    }
  }

  /** Loads a file of {@code routes/}. */
  static void loadRoutes(ModelCamelContext context, String file) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.resolveMandatoryResource(context, "classpath:" + file));
  }
}
