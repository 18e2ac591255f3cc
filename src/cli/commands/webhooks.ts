import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { ListDeliveriesOptions, ReplayOptions, WebhookValues } from '../webhooks.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../webhooks.js');
const WHICH = 'the endpoint, whe_…';

/** `gatehouse webhooks …` */
export function addWebhooks(program: Command, say: Say): void {
  const webhooks = program.command('webhooks').description('where events are sent to, and what came of it');
  leaf(webhooks, 'list', 'lists an organization’s endpoints')
    .option('--organization <id>', 'of this organization, org_…; default the only one there is')
    .action((options: CommonOptions & { organization?: string }) =>
      say(options, async () => (await work()).listWebhooks(options)),
    );
  leaf(webhooks, 'show', 'shows one, and how it does')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) => say(options, async () => (await work()).showWebhook(id)));
  withValues(leaf(webhooks, 'create', 'makes one and prints its secret, once'))
    .option('--organization <id>', 'whose it is, org_…; default the only organization there is')
    .action((options: WebhookValues & { organization?: string }) =>
      say(options, async () => (await work()).createWebhook(options)),
    );
  withValues(leaf(webhooks, 'update', 'changes what is given'))
    .argument('<id>', WHICH)
    .option('--no-ordered', 'as they come')
    .option('--enabled', 'sends to it again')
    .option('--no-enabled', 'sends nothing more; what waits is cancelled')
    .action((id: string, options: WebhookValues) =>
      say(options, async () => (await work()).updateWebhook(id, options)),
    );
  leaf(webhooks, 'rotate', 'gives it a new secret, printed once; the old one signs too for a day')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).rotateWebhook(id)),
    );
  leaf(webhooks, 'delete', 'removes it with its secrets and deliveries')
    .argument('<id>', WHICH)
    .option('--yes', 'do not ask')
    .action((id: string, options: CommonOptions & { yes?: boolean }) =>
      say(options, async () => (await work()).deleteWebhook(id, options)),
    );
  leaf(webhooks, 'test', 'sends it a test event')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) => say(options, async () => (await work()).testWebhook(id)));
  addDeliveries(webhooks, say);
}

function addDeliveries(webhooks: Command, say: Say): void {
  leaf(webhooks, 'deliveries', 'lists what was sent to it, newest first')
    .argument('<id>', WHICH)
    .option('--status <status>', 'pending, delivered, failed or cancelled')
    .option('--event-type <type>', 'of this type')
    .option('--from <time>', 'made from this day or moment on')
    .option('--to <time>', 'made up to this day or moment')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'deliveries on a page, at most 100', '100')
    .action((id: string, options: ListDeliveriesOptions) =>
      say(options, async () => (await work()).listDeliveries(id, options)),
    );
  leaf(webhooks, 'delivery', 'shows one, with its attempts and what was answered')
    .argument('<id>', WHICH)
    .argument('<delivery>', 'the delivery, whd_…')
    .action((id: string, delivery: string, options: CommonOptions) =>
      say(options, async () => (await work()).showDelivery(id, delivery)),
    );
  leaf(webhooks, 'replay', 'sends events once more: one, or those of a time that did not arrive')
    .argument('<id>', WHICH)
    .option('--delivery <id>', 'this one, whd_…')
    .option('--from <time>', 'those made from this day or moment on')
    .option('--to <time>', 'those made up to this day or moment; default now')
    .option('--all', 'those that arrived, too')
    .action((id: string, options: ReplayOptions) =>
      say(options, async () => (await work()).replayWebhook(id, options)),
    );
}

function withValues(command: Command): Command {
  return command
    .option('--url <url>', 'where events are posted to')
    .option('--event <type...>', 'which events: types, beginnings such as key.*, or *')
    .option('--store <id...>', 'events of these stores alone, sto_…')
    .option('--all-stores', 'of every store, and of the organization itself; the default')
    .option('--ordered', 'strict order for each object')
    .option('--description <text>', 'what it is for');
}
