import type { Command } from 'commander';
import { addAuditExports } from './audit-exports.js';
import { addAuditProofs } from './audit-proofs.js';
import { addRetention } from './audit-retention.js';
import { addAuditSearch } from './audit-search.js';
import { addAuditVerify } from './audit-verify.js';
import type { Say } from './leaf.js';

/** `gatehouse audit …` */
export function addAudit(program: Command, say: Say): void {
  const audit = program.command('audit').description('reads, proves and exports the logs');
  const groups: readonly ((audit: Command, say: Say) => void)[] = [
    addAuditExports,
    addAuditSearch,
    addAuditVerify,
    addAuditProofs,
    addRetention,
  ];
  for (const add of groups) add(audit, say);
}
