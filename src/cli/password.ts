import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';

/**
 * The password that a command gives somebody: read from standard input, or made, to be printed once.
 * @param fromStdin as `--password-stdin` says
 */
export async function choosePassword(
  fromStdin: boolean | undefined,
): Promise<{ password: string; isMade: boolean }> {
  if (!fromStdin) return { password: randomBytes(12).toString('base64url'), isMade: true };
  return { password: (await text(process.stdin)).replace(/\r?\n$/, ''), isMade: false };
}
