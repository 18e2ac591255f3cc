import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Ours are told apart from the process's own by their prefix. */
export type MetricName = `gatehouse_${string}`;

/**
 * The process's figures for Prometheus, in a registry of their own, with Node's beside them. A figure is made
 * once, where its owner is constructed, with all its label names; a label takes few values, and never an id.
 */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** The media type of what `render` answers. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** A count that only grows; its name ends in `_total`. @throws where the name is taken */
  counter<Label extends string = never>(
    name: MetricName,
    help: string,
    labels: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  /** A figure that rises and falls. @throws where the name is taken */
  gauge<Label extends string = never>(
    name: MetricName,
    help: string,
    labels: readonly Label[] = [],
  ): Gauge<Label> {
    return new Gauge({ name, help, labelNames: labels, registers: [this.registry] });
  }

  /** A figure that is asked for whenever somebody looks. `read` must be quick. @throws where the name is taken */
  reading(name: MetricName, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** A distribution; its name ends in its unit, e.g. `_seconds`. `buckets` are upper bounds. @throws where the name is taken */
  histogram<Label extends string = never>(
    name: MetricName,
    help: string,
    buckets: readonly number[],
    labels: readonly Label[] = [],
  ): Histogram<Label> {
    return new Histogram({
      name,
      help,
      buckets: [...buckets],
      labelNames: labels,
      registers: [this.registry],
    });
  }

  /** All figures in Prometheus's text format. */
  render(): Promise<string> {
    return this.registry.metrics();
  }

  onApplicationShutdown(): void {
    this.registry.clear();
  }
}
