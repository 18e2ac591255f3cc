import type { Plan } from './plan.entity.js';

type CataloguePlan = Omit<Plan, 'version'>;

const daily = (
  id: string,
  name: string,
  dayLimit: number,
  pollSeconds: number,
  highestLevel: Plan['highestLevel'],
): CataloguePlan => ({
  id,
  name,
  hourLimit: null,
  dayLimit,
  pollSeconds,
  highestLevel,
  activeKeysPerStore: 10,
});

const hourly = (id: string, name: string, hourLimit: number): CataloguePlan => ({
  id,
  name,
  hourLimit,
  dayLimit: null,
  pollSeconds: null,
  highestLevel: 'admin',
  activeKeysPerStore: 10,
});

/** The plans of a new installation. Rows from then on: what an operator changes stays changed. */
export const PLAN_CATALOGUE: readonly CataloguePlan[] = [
  daily('starter', 'Starter', 30, 3_600, 'read'),
  daily('pro', 'Pro', 5_000, 60, 'admin'),
  daily('agency', 'Agency', 25_000, 60, 'admin'),
  hourly('hourly-starter', 'Starter (hourly)', 100),
  hourly('hourly-growth', 'Growth (hourly)', 500),
  hourly('hourly-scale', 'Scale (hourly)', 2_000),
  hourly('hourly-enterprise', 'Enterprise (hourly)', 10_000),
];
