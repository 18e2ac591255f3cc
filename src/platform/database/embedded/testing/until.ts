import { setTimeout as pause } from 'node:timers/promises';

type Answer<T> = T | undefined | false | null;

/** Asks again and again until the answer is not undefined, false or null, and returns it; throws after 20 seconds. */
export async function until<T>(
  ask: () => Answer<T> | Promise<Answer<T>>,
  what: () => string,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false && answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what()}`);
    await pause(5);
  }
}
