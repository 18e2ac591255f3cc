import type { Command } from 'commander';
import type { ChangeOptions, SearchOptions, TimelineOptions, ViewOptions } from '../audit-search.js';
import { leaf, type Say } from './leaf.js';

const search = () => import('../audit-search.js');
const views = () => import('../audit-views.js');
const tail = () => import('../audit-tail.js');

const WHOSE = 'of this organization, org_…, or "none"; default the only one there is';

/** `gatehouse audit search`, `show`, `histogram`, `changes`, `timeline`, `tail`, `views` */
export function addAuditSearch(audit: Command, say: Say): void {
  paged(timed(filtered(leaf(audit, 'search', 'searches the request log'))))
    .option('--count', 'count all that fit, too')
    .action((options: SearchOptions) => say(options, async () => (await search()).searchRequests(options)));
  leaf(audit, 'show', 'shows a request, what closes it and what it changed')
    .argument('<id>', 'the request, req_…')
    .action((id: string, options: SearchOptions) =>
      say(options, async () => (await search()).showRequest(id, options)),
    );
  timed(filtered(leaf(audit, 'histogram', 'counts requests over time'))).action((options: SearchOptions) =>
    say(options, async () => (await search()).countRequests(options)),
  );
  addChanges(audit, say);
  paged(
    timed(leaf(audit, 'timeline', 'lists what a key did and what was done to it').argument('<id>', 'key_…')),
  )
    .option('--organization <id>', WHOSE)
    .action((id: string, options: TimelineOptions) =>
      say(options, async () => (await search()).keyTimeline(id, options)),
    );
  const following = filtered(leaf(audit, 'tail', 'follows the request log live, until it is interrupted'))
    .option('--limit <number>', 'end after so many requests')
    .action((options: SearchOptions) =>
      say(options, async () => (await tail()).tailRequests(options, writerOf(following))),
    );
  addViews(audit, say);
}

function addChanges(audit: Command, say: Say): void {
  paged(timed(leaf(audit, 'changes', 'searches the change log')))
    .option('--organization <id>', WHOSE)
    .option('--entity <name>', 'of this kind of thing, such as key')
    .option('--entity-id <id>', 'of this very thing')
    .option('--actor <id>', 'by this key or member, system:<part> or database:<role>')
    .option('--action <name>', 'insert, update, delete or truncate')
    .option('--store <id>', 'in this store, sto_…')
    .option('--request <id>', 'caused by this request, req_…')
    .action((options: ChangeOptions) => say(options, async () => (await search()).searchChanges(options)));
  leaf(audit, 'change', 'shows a change, with what was before and after')
    .argument('<id>', 'the change, chg_…')
    .action((id: string, options: ChangeOptions) =>
      say(options, async () => (await search()).showChange(id, options)),
    );
}

function addViews(audit: Command, say: Say): void {
  const group = audit.command('views').description('lists and deletes saved searches');
  leaf(group, 'list', 'lists an organization’s saved searches, whosever they are')
    .option('--organization <id>', 'of this organization, org_…; default the only one there is')
    .action((options: ViewOptions) => say(options, async () => (await views()).listViews(options)));
  leaf(group, 'delete', 'deletes a saved search')
    .argument('<id>', 'the view, avw_…')
    .action((id: string, options: ViewOptions) => say(options, async () => (await views()).deleteView(id)));
}

function filtered(command: Command): Command {
  return command
    .option('--organization <id>', WHOSE)
    .option('--key <id>', 'of this key, key_…; a deleted one too')
    .option('--member <id>', 'of this member, mem_…')
    .option('--store <id>', 'in this store, sto_…')
    .option('--role <id>', 'of principals that had this role, rol_…')
    .option('--method <name>', 'with this method')
    .option('--route <template>', 'of this route, such as /api/v1/campaigns/:id')
    .option('--status <status>', 'answered with this status, or class, such as 4xx')
    .option('--error-code <code>', 'refused with this code')
    .option('--ip <address>', 'from this address or network')
    .option('--text <text>', 'with this text in the path')
    .option('--outcome <name>', 'that ended so: answered, client_gone, streaming, completed, late, unknown');
}

function timed(command: Command): Command {
  return command
    .option('--from <time>', 'from this moment or day on')
    .option('--to <time>', 'up to this moment, or to the end of this day');
}

function paged(command: Command): Command {
  return command
    .option('--limit <number>', 'most of them, at most 100; default 20')
    .option('--cursor <cursor>', 'where to go on')
    .option('--oldest-first', 'in the order of time');
}

/** Where commander's own words go: the command's output. */
function writerOf(command: Command): (text: string) => void {
  return (text) => command.configureOutput().writeOut?.(text);
}
