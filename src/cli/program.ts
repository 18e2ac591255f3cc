import { Command, type OutputConfiguration } from 'commander';
import { addAdmin } from './commands/admin.js';
import { addAudit } from './commands/audit.js';
import { addEvents } from './commands/events.js';
import { addInstallation } from './commands/installation.js';
import { addInvitations } from './commands/invitations.js';
import { addKeys } from './commands/keys.js';
import { addLeaks } from './commands/leaks.js';
import type { Say } from './commands/leaf.js';
import { addMembers } from './commands/members.js';
import { addOrganizations, addPlans } from './commands/organizations.js';
import { addPermissions } from './commands/permissions.js';
import { addRoles } from './commands/roles.js';
import { addSecrets } from './commands/secrets.js';
import { addStores } from './commands/stores.js';
import { addUsage } from './commands/usage.js';
import { addWebhooks } from './commands/webhooks.js';

/**
 * The command line as a whole: what there is, with its options. A command's own code is loaded when it runs: help
 * and a mistyped option need none of the application. Throws a CommanderError instead of ending the process.
 * @param output where commander's own words go
 */
export function createProgram(say: Say, output: OutputConfiguration): Command {
  // Set before there are commands: they inherit it when they are made.
  const program = new Command('gatehouse').exitOverride().configureOutput(output);
  program.description('Runs and repairs a Gatehouse installation, over its database.');
  const groups = [
    addKeys,
    addRoles,
    addPermissions,
    addMembers,
    addInvitations,
    addOrganizations,
    addPlans,
    addStores,
    addUsage,
    addSecrets,
    addLeaks,
    addAudit,
    addEvents,
    addWebhooks,
    addAdmin,
    addInstallation,
  ];
  for (const add of groups) add(program, say);
  return program;
}
