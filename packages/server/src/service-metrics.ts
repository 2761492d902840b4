import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** The metrics of a service for Prometheus, in a registry of their own. */
export class ServiceMetrics {
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: "dmrec_requests_total",
    help: "Requests by path and HTTP status",
    labelNames: ["path", "status"],
    registers: [this.registry],
  });
  readonly seconds = new Histogram({
    name: "dmrec_request_seconds",
    help: "Time to answer, in seconds",
    labelNames: ["path"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });
  readonly batches = new Histogram({
    name: "dmrec_batch_users",
    help: "Users in one call of the model",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    registers: [this.registry],
  });
  readonly swaps = new Counter({
    name: "dmrec_model_swaps_total",
    help: "Models that replaced another",
    registers: [this.registry],
  });

  /** @param waiting The number of users that wait for an answer. */
  constructor(waiting: () => number) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: "dmrec_waiting_users",
      help: "Users that wait for an answer",
      registers: [this.registry],
      collect() {
        this.set(waiting());
      },
    });
  }
}
