import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../roles.js');

/** `gatehouse roles …` */
export function addRoles(program: Command, say: Say): void {
  const roles = program.command('roles').description('the roles that keys can have');
  leaf(roles, 'list', 'lists them with what they grant').action((options: CommonOptions) =>
    say(options, async () => (await work()).listRoles()),
  );
}
