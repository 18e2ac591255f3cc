export * from './admission.js';
export type { Verdict } from './admission-lane.js';
export * from './plan-catalogue.js';
export * from './plan.entity.js';
export { PlansController } from './plans.controller.js';
export * from './plans.module.js';
export * from './plans.service.js';
export * from './quota-windows.js';
