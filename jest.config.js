import { readFileSync } from 'node:fs';

// The build's own settings, but for what it leaves out.
const swc = JSON.parse(readFileSync('.swcrc', 'utf8'));
delete swc.exclude;
delete swc.$schema;

/** ESM under --experimental-vm-modules; sources are transformed by swc exactly as the build does. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.e2e.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  setupFiles: ['<rootDir>/test/support/load-nest.js'],
  // A watchdog, not a measure: where other work keeps the processors busy, everything takes many times as long.
  testTimeout: 120_000,
  maxWorkers: 2,
  // A worker keeps what each file has loaded: after some dozens it would spend its time on looking for memory.
  workerIdleMemoryLimit: '1500MB',
};
