import { TokenFormatController } from '../keys/index.js';
import { PlansController } from '../plans/index.js';
import { ResourcesController } from '../roles/index.js';
import type { Answer } from './answer.js';
import { facts, table } from './format.js';
import { levelsText } from './role-views.js';
import { withApplication } from './with-application.js';

// What is the same for everybody who asks: the API's own answers.

/** `gatehouse plans list` */
export function listPlans(): Promise<Answer> {
  return withApplication(async (app) => {
    const plans = await app.get(PlansController).list();
    const rows = plans.data.map((plan) => [
      plan.id,
      plan.name,
      ...[plan.hourLimit, plan.dayLimit, plan.pollSeconds].map((limit) => String(limit ?? 'none')),
      plan.highestLevel,
      String(plan.activeKeysPerStore),
    ]);
    const headings = ['ID', 'NAME', 'AN HOUR', 'A DAY', 'POLL SECONDS', 'HIGHEST LEVEL', 'KEYS PER STORE'];
    return { document: plans, text: table(headings, rows) };
  });
}

/** `gatehouse roles resources` */
export function listResources(): Promise<Answer> {
  return withApplication((app) => {
    const resources = app.get(ResourcesController).listResources();
    const rows = resources.data.map(({ name, label, highestLevel, relates }) => [
      name,
      label,
      highestLevel,
      relates.join(', ') || 'nothing',
    ]);
    const text = table(['RESOURCE', 'CALLED', 'HIGHEST LEVEL', 'ALSO READS'], rows);
    return Promise.resolve({ document: resources, text });
  });
}

/** `gatehouse roles policies` */
export function listPolicies(): Promise<Answer> {
  return withApplication((app) => {
    const policies = app.get(ResourcesController).listPolicies();
    const rows = policies.data.map(({ name, levels }) => [name, levelsText(levels)]);
    return Promise.resolve({ document: policies, text: table(['POLICY', 'GIVES'], rows) });
  });
}

/** `gatehouse tokens format` */
export function tellTokenFormat(): Promise<Answer> {
  return withApplication((app) => {
    const format = app.get(TokenFormatController).get();
    const text = facts([
      ['Pattern', format.pattern],
      ['Prefixes', format.prefixes.join(', ')],
      ['Checksum', format.checksum],
    ]);
    return Promise.resolve({ document: format, text });
  });
}
