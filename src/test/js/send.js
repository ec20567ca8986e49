// Copyright The Caravan Authors
// SPDX-License-Identifier: Apache-2.0

// Sends spans, log records and data points over OTLP/HTTP with JSON, every one of them to each endpoint.
// usage: node send.js SERVICE RECORDS ENDPOINT...
'use strict';

const { SpanKind, SpanStatusCode } = require('@opentelemetry/api');
const { SeverityNumber } = require('@opentelemetry/api-logs');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { BasicTracerProvider, BatchSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { LoggerProvider, BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs');
const { AggregationTemporality, InstrumentType, MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-http');
const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-http');

const [service, count, ...endpoints] = process.argv.slice(2);
const records = Number(count);

/** Hands each batch to every exporter, so that all endpoints get the same records; fails if one of them does. */
function toEach(exporters) {
  return {
    export(batch, done) {
      Promise.all(exporters.map((exporter) => new Promise((resolve) => exporter.export(batch, resolve)))).then((results) => {
        const failed = results.find((result) => result.code !== 0);
        if (failed) {
          console.error('export failed:', failed.error);
          process.exitCode = 1;
        }
        done(failed ?? results[0]);
      });
    },
    forceFlush: () => Promise.all(exporters.map((exporter) => exporter.forceFlush?.())),
    shutdown: () => Promise.all(exporters.map((exporter) => exporter.shutdown())),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  };
}

const each = (Exporter, path) => toEach(endpoints.map((endpoint) => new Exporter({ url: endpoint + path, timeoutMillis: 10000 })));

async function main() {
  const resource = resourceFromAttributes({ 'service.name': service, 'k8s.namespace.name': 'shop', 'process.pid': process.pid });
  const tracing = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(each(OTLPTraceExporter, '/v1/traces'), { maxExportBatchSize: 64, maxQueueSize: 10000 })],
  });
  const logging = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: each(OTLPLogExporter, '/v1/logs'), maxExportBatchSize: 64, maxQueueSize: 10000 })],
  });
  const reader = new PeriodicExportingMetricReader({ exporter: each(OTLPMetricExporter, '/v1/metrics'), exportIntervalMillis: 3600000 });
  const metering = new MeterProvider({ resource, readers: [reader] });

  const tracer = tracing.getTracer('shop', '1.2.3');
  const logger = logging.getLogger('shop', '1.2.3');
  const counter = metering.getMeter('shop', '1.2.3').createCounter('orders', { unit: '{order}' });
  const histogram = metering.getMeter('shop').createHistogram('duration', { unit: 's' });
  for (let i = 0; i < records; i++) {
    const span = tracer.startSpan('order ' + i, { kind: SpanKind.SERVER, attributes: { 'order.id': i, 'order.items': ['bread', 'größe', '\u{1F42B}'], 'order.total': i / 3 } });
    span.addEvent('paid', { 'payment.ok': true });
    span.setStatus(i % 2 ? { code: SpanStatusCode.OK } : { code: SpanStatusCode.ERROR, message: 'no "bread"' });
    span.end();
    logger.emit({ severityNumber: SeverityNumber.WARN, severityText: 'WARN', body: { order: i, lines: ['a\nb', null, 1.5] }, attributes: { 'order.id': i } });
    counter.add(1, { 'order.id': i });
    histogram.record(i / 10, { 'order.id': i });
  }
  await tracing.shutdown();
  await logging.shutdown();
  await metering.shutdown();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
