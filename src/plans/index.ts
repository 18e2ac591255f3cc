export * from './admission.js';
export type { Verdict } from './admission-batch.js';
export * from './plan-catalogue.js';
export * from './plan.entity.js';
export * from './plans.module.js';
export * from './plans.service.js';
export * from './quota-windows.js';
