export * from './permissions.controller.js';
export * from './route-matcher.js';
export * from './simulation.input.js';
export * from './simulation.response.js';
export * from './simulator.js';
