import type { Command } from 'commander';
import type { SimulateOptions } from '../permissions.js';
import { leaf, type Say } from './leaf.js';

/** `gatehouse permissions …` */
export function addPermissions(program: Command, say: Say): void {
  const permissions = program.command('permissions').description('what keys and roles may do');
  leaf(permissions, 'simulate', 'tells whether a key or a role may do something, why, and what is missing')
    .option('--key <id>', 'the key that asks, key_…')
    .option('--role <role>', 'or a role: its id, or the name of a built-in one')
    .option('--organization <id>', 'whose plan caps a built-in role, org_…; default: no cap')
    .option('--method <method>', 'of the request, with --path')
    .option('--path <path>', 'e.g. /api/v1/campaigns; {storeId} stands for the store')
    .option('--resource <name>', 'or a resource, e.g. content.campaigns, with --level')
    .option('--level <level>', 'read, write or admin')
    .option('--store <id>', 'the store to act in, sto_…; default the key’s own')
    .option('--ip <address>', 'where the key asks from')
    .action((options: SimulateOptions) =>
      say(options, async () => (await import('../permissions.js')).simulate(options)),
    );
}
