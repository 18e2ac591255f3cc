import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { HistoryOptions } from '../organization-history.js';
import type {
  CreateOrganizationOptions,
  ListOrganizationsOptions,
  UpdateOrganizationOptions,
} from '../organizations.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../organizations.js');
const WHICH = 'the organization, org_…';

/** `gatehouse organizations …` */
export function addOrganizations(program: Command, say: Say): void {
  const organizations = program.command('organizations').description('the customers');
  leaf(organizations, 'list', 'lists organizations, newest first')
    .option('--status <status>', 'active or suspended')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'organizations on a page, at most 100', '100')
    .action((options: ListOrganizationsOptions) =>
      say(options, async () => (await work()).listOrganizations(options)),
    );
  leaf(organizations, 'show', 'shows one: its plan, its own limits, its stores')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).showOrganization(id)),
    );
  leaf(organizations, 'create', 'makes one with a store, its sandbox and its first administrator')
    .requiredOption('--name <name>', 'what it is called')
    .requiredOption('--plan <plan>', 'the plan’s id, e.g. hourly-scale')
    .requiredOption('--admin <email>', 'the address that its first administrator signs in with')
    .option(
      '--password-stdin',
      'read the password from standard input, 12 to 72 bytes; default: made and printed',
    )
    .action((options: CreateOrganizationOptions) =>
      say(options, async () => (await work()).createOrganization(options)),
    );
  leaf(organizations, 'update', 'changes what is given; it binds the next request')
    .argument('<id>', WHICH)
    .option('--name <name>', 'what it is called')
    .option('--plan <plan>', 'the plan’s id')
    .option('--status <status>', 'active or suspended')
    .option('--hour <limit>', 'requests an hour: a number, plan (the plan’s own) or none')
    .option('--day <limit>', 'requests a day, likewise')
    .option('--poll-seconds <limit>', 'seconds between identical requests, likewise')
    .option('--active-keys <limit>', 'active keys of one store, likewise')
    .option('--idle-key-days <days>', 'after how many days unused keys are revoked, or none')
    .option('--highest-level <level>', 'the highest level that keys reach: read, write, admin or plan')
    .action((id: string, options: UpdateOrganizationOptions) =>
      say(options, async () => (await work()).updateOrganization(id, options)),
    );
  leaf(organizations, 'history', 'lists the changes of its plan, limits and status, newest first')
    .argument('<id>', WHICH)
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'changes on a page, at most 100', '100')
    .action((id: string, options: HistoryOptions) =>
      say(options, async () => (await import('../organization-history.js')).organizationHistory(id, options)),
    );
  leaf(organizations, 'suspend', 'refuses all its keys and members from the next request on')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).suspendOrganization(id)),
    );
  leaf(organizations, 'resume', 'lets them in again')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).resumeOrganization(id)),
    );
}

/** `gatehouse plans …` */
export function addPlans(program: Command, say: Say): void {
  const plans = program.command('plans').description('what organizations may use');
  leaf(plans, 'list', 'lists the plans: quotas, intervals, levels').action((options: CommonOptions) =>
    say(options, async () => (await import('../catalogues.js')).listPlans()),
  );
}
