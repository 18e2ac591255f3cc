import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../secrets.js');

/** `gatehouse secrets …` */
export function addSecrets(program: Command, say: Say): void {
  const secrets = program.command('secrets').description('what is stored under the master secret');
  leaf(secrets, 'report', 'tells what is under the current master secret, and what is left').action(
    (options: CommonOptions) => say(options, async () => (await work()).reportSecrets()),
  );
  leaf(secrets, 'rehash', 'brings all it can under the current master secret, beside running servers').action(
    (options: CommonOptions) => say(options, async () => (await work()).rehashSecrets()),
  );
}
