import { describe, expect, it } from '@jest/globals';
import { PLAN_CATALOGUE } from './plan-catalogue.js';

describe('the plan catalogue', () => {
  it('is the published table', () => {
    expect(
      PLAN_CATALOGUE.map((plan) => [
        plan.id,
        plan.hourLimit,
        plan.dayLimit,
        plan.pollSeconds,
        plan.highestLevel,
        plan.activeKeysPerStore,
      ]),
    ).toEqual([
      ['starter', null, 30, 3_600, 'read', 10],
      ['pro', null, 5_000, 60, 'admin', 10],
      ['agency', null, 25_000, 60, 'admin', 10],
      ['hourly-starter', 100, null, null, 'admin', 10],
      ['hourly-growth', 500, null, null, 'admin', 10],
      ['hourly-scale', 2_000, null, null, 'admin', 10],
      ['hourly-enterprise', 10_000, null, null, 'admin', 10],
    ]);
  });
});
