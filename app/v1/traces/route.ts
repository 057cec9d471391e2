import { otlpRoute } from '#lib/http/otlp.ts';

/** Where an OpenTelemetry exporter sends by itself below its endpoint; outside the matcher of proxy.ts like uploads. */
export const POST = otlpRoute('traces');
