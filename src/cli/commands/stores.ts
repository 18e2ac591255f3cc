import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { ListStoresOptions } from '../manage-stores.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../manage-stores.js');
const WHICH = 'the store, sto_…';

/** `gatehouse stores …` */
export function addStores(program: Command, say: Say): void {
  const stores = program
    .command('stores')
    .description('the stores of all organizations, and their sandboxes');
  leaf(stores, 'list', 'lists stores, newest first')
    .option('--organization <id>', 'of this organization alone, org_…')
    .option('--kind <kind>', 'live or sandbox')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'stores on a page, at most 100', '100')
    .action((options: ListStoresOptions) => say(options, async () => (await work()).listStores(options)));
  leaf(stores, 'show', 'shows one')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) => say(options, async () => (await work()).showStore(id)));
  leaf(stores, 'create', 'makes a live store')
    .requiredOption('--name <name>', 'what it is called')
    .option('--organization <id>', 'whose it is, org_…; default the only organization there is')
    .action((options: CommonOptions & { name: string; organization?: string }) =>
      say(options, async () => (await work()).createStore(options)),
    );
  leaf(stores, 'rename', 'gives a store another name')
    .argument('<id>', WHICH)
    .argument('<name>', 'what it is called from now on')
    .action((id: string, name: string, options: CommonOptions) =>
      say(options, async () => (await work()).renameStore(id, name)),
    );
  leaf(stores, 'create-sandbox', 'gives a live store its sandbox')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).createSandbox(id)),
    );
  leaf(stores, 'reset', 'empties a sandbox; its keys stay')
    .argument('<id>', WHICH)
    .option('--yes', 'do not ask')
    .action((id: string, options: CommonOptions & { yes?: boolean }) =>
      say(options, async () => (await work()).resetStore(id, options)),
    );
}
