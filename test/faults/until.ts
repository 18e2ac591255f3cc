import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is true. @throws when it is not within the time */
export async function until(
  what: string,
  ask: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await pause(20);
  }
}
