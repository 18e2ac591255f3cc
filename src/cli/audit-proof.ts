import { writeFileSync } from 'node:fs';
import {
  ChangeProofQuery,
  type Proof,
  type ProofReport,
  Prover,
  RequestProofQuery,
  verifyProof,
} from '../audit/index.js';
import { NotFound } from '../platform/errors/index.js';
import { readInput } from '../platform/http/input/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { keysNamed, publishedIn, unwritable } from './audit-verify.js';
import { CommandError } from './errors.js';
import { facts } from './format.js';
import { given } from './given.js';
import { withApplication } from './with-application.js';

export interface ProofOptions extends CommonOptions {
  readonly row?: string;
  readonly checkpoint?: string;
  readonly out?: string;
  readonly verify?: boolean;
  readonly key?: readonly string[];
  readonly checkpoints?: string;
}

const STATES: Readonly<Record<Proof['state'], string>> = {
  anchored: 'anchored: a checkpoint covers it',
  sealed: 'sealed in a signed batch; the next checkpoint will cover it',
  unsealed: 'in no batch yet',
  unevidenced: 'of before there was evidence',
  broken: 'broken: what proves it is not whole; run "gatehouse audit verify"',
};

/** `gatehouse audit proof`: the very document that the API answers with. */
export async function proveRow(publicId: string, options: ProofOptions): Promise<Answer> {
  const trusted = { keys: keysNamed(options.key), published: publishedIn(options.checkpoints) };
  const proof = await withApplication((app) => proofOf(app.get(Prover), publicId, options));
  const report = options.verify ? verifyProof(proof, trusted) : undefined;
  if (options.out !== undefined) write(options.out, proof);
  const told = options.out === undefined ? { proof } : { file: options.out, state: proof.state };
  return {
    document: report ? { ...told, report } : options.out === undefined ? proof : told,
    text: proofText(proof, report, options.out),
    failed: report !== undefined && !report.proven,
  };
}

async function proofOf(prover: Prover, publicId: string, { row, checkpoint }: ProofOptions): Promise<Proof> {
  const request = fromPublicId('request', publicId);
  const change = fromPublicId('change', publicId);
  try {
    if (request !== undefined) {
      const query = readInput(RequestProofQuery, given({ row, checkpoint }), 'query');
      return await prover.proveRequest(request, () => true, query);
    }
    if (change === undefined) throw new NotFound();
    const query = readInput(ChangeProofQuery, given({ row, checkpoint }), 'query');
    return await prover.proveChange(change, () => true, query);
  } catch (error) {
    if (error instanceof NotFound) {
      throw new CommandError('NOT_FOUND', `There is no such row of ${publicId} in the logs.`);
    }
    throw error;
  }
}

/** It may hold personal data, as the row does: whoever may not read the log must not read it either. */
function write(path: string, proof: Proof): void {
  try {
    writeFileSync(path, `${JSON.stringify(proof)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw unwritable(path, error);
  }
}

function proofText(proof: Proof, report: ProofReport | undefined, out: string | undefined): string {
  const told = facts([
    ['Of', proof.id],
    ['State', STATES[proof.state]],
    ['Record', proof.row?.record ?? 'none'],
    ['Batch', proof.batch?.header.canonical ?? 'none'],
    ['Headers after it', `${proof.chain.length}`],
    ['Checkpoint', proof.anchor?.checkpoint.canonical ?? 'none'],
    ...(out === undefined ? [] : [['Written to', out] as const]),
  ]);
  if (!report) return told;
  const lines = [told, ...report.faults.map((fault) => `NOT PROVEN: ${fault}.`)];
  if (report.trustedOnFirstUse !== null) {
    lines.push(
      `No key was named (--key): ${report.trustedOnFirstUse}, the first one, was trusted as it stands.`,
    );
  }
  if (report.published) lines.push('Its checkpoint is among those that were kept elsewhere.');
  lines.push(report.proven ? 'The row is in the log as it stands here.' : 'The row is not proven.');
  return lines.join('\n');
}
