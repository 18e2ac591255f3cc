import type { Answer } from '../answer.js';
import type { Diagnosis, Standing } from './finding.js';

const GRAVITY: readonly Standing[] = ['ok', 'warn', 'fail'];

/** All findings as one answer, which has failed where any of them has. */
export function report(diagnoses: readonly Diagnosis[]): Answer {
  const worst = Math.max(...diagnoses.map(({ status }) => GRAVITY.indexOf(status)));
  const status = GRAVITY[worst] ?? 'fail';
  const width = Math.max(...diagnoses.map(({ name }) => name.length));
  const lines = diagnoses.flatMap(({ status, name, message, remedy }) => {
    const line = `${status.padEnd(4)}  ${name.padEnd(width)}  ${message}`;
    return remedy === undefined ? [line] : [line, `${' '.repeat(width + 8)}-> ${remedy}`];
  });
  return {
    document: { status, checks: diagnoses },
    text: [...lines, '', VERDICT[status]].join('\n'),
    failed: status === 'fail',
  };
}

const VERDICT: Readonly<Record<Standing, string>> = {
  ok: 'All is well.',
  warn: 'It works; see the warnings.',
  fail: 'Something must be mended.',
};
