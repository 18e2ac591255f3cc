import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { errorCode } from './errors.js';

/** A process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started; empty where the system does not tell. */
  started: string;
}

/** Identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? '' };
}

/** Whether this very process still runs. A zombie does not. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  if (!exists(pid)) return false;
  const now = startOf(pid);
  return now !== undefined && (now === '' || started === '' || now === started);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM'; // it exists and belongs to someone else
  }
}

/** Undefined for a zombie, empty when unknown (the system hides other users' processes). */
function startOf(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? startOnLinux(pid) : startFromPs(pid);
  } catch {
    return '';
  }
}

function startOnLinux(pid: number): string | undefined {
  // The name in brackets may itself contain brackets and spaces; the fields after it may not.
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  if (fields[0] === 'Z') return undefined;
  // Ticks since boot repeat after a reboot, and containers reuse low numbers: the boot's id makes it unique.
  const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${fields[19] ?? ''}`;
}

function startFromPs(pid: number): string | undefined {
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  const line = execFileSync('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env });
  const [state = '', ...started] = line.trim().split(/\s+/);
  return state.startsWith('Z') ? undefined : started.join(' ');
}
