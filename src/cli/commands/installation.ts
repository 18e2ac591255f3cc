import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import { leaf, type Say } from './leaf.js';

/** The commands that concern the installation as a whole. */
export function addInstallation(program: Command, say: Say): void {
  leaf(program, 'migrate', 'brings the database to this version, as its owner').action(
    (options: CommonOptions) => say(options, async () => (await import('../migrate.js')).migrateDatabase()),
  );
  leaf(program, 'doctor', 'checks the installation; exit code 1 where something must be mended').action(
    (options: CommonOptions) => say(options, async () => (await import('../doctor/doctor.js')).doctor()),
  );
}
