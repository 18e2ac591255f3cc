import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { ListEventsOptions } from '../events.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../events.js');

/** `gatehouse events …` */
export function addEvents(program: Command, say: Say): void {
  const events = program.command('events').description('what happened, in an order without gaps');
  leaf(events, 'list', 'lists events, the oldest first')
    .option('--organization <id>', 'of this organization, org_…, or "none"; default the only one there is')
    .option('--after <number>', 'after this number; default from the oldest that is kept')
    .option('--types <types>', 'of these types, such as key.*,quota.exceeded')
    .option('--store <id>', 'in this store, sto_…')
    .option('--limit <number>', 'most of them, at most 100; default 20')
    .option('--all', 'page by page to the end, at most 10,000')
    .action((options: ListEventsOptions) => say(options, async () => (await work()).listEvents(options)));
  leaf(events, 'show', 'shows an event with all it tells')
    .argument('<id>', 'the event, evt_…')
    .action((id: string, options: CommonOptions) => say(options, async () => (await work()).showEvent(id)));
  leaf(events, 'types', 'lists the types of events').action((options: CommonOptions) =>
    say(options, async () => (await work()).listTypes()),
  );
}
