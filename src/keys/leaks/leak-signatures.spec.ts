import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../platform/errors/index.js';
import { FailedAttempts, type RequestContext } from '../../platform/http/index.js';
import { LeakSignatures } from './leak-signatures.js';

/** The example of GitHub's documentation, made with a test key of theirs. */
const IDENTIFIER = 'f9525bf080f75b3506ca1ead061add62b8633a346606dc5fe544e29231c6ee0d';
const SIGNATURE =
  'MEUCIFLZzeK++IhS+y276SRk2Pe5LfDrfvTXu6iwKKcFGCrvAiEAhHN2kDOhy2I6eGkOFmxNkOJ+L2y8oQ9A2T9GGJo6WJY=';
const BODY = '[{"token":"some_token","type":"some_type","url":"some_url","source":"some_source"}]';
const KEY = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsz9ugWDj5jK5ELBK42ynytbo38gP
HzZFI03Exwz8Lh/tCfL3YxwMdLjB+bMznsanlhK0RwcGP3IDb34kQDIo3Q==
-----END PUBLIC KEY-----`);

async function outcomeOf(
  identifier: string | undefined,
  signature: string | undefined,
  body: string,
  leakKeys: ReadonlyMap<string, typeof KEY> | undefined = new Map([[IDENTIFIER, KEY]]),
): Promise<string> {
  const failures = new FailedAttempts();
  const headers = {
    'github-public-key-identifier': identifier,
    'github-public-key-signature': signature,
  };
  try {
    const context = { request: { headers }, rawBody: Buffer.from(body), ip: '192.0.2.1' };
    await new LeakSignatures({ leakKeys }, failures).assertValid(context as unknown as RequestContext);
    return 'valid';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  } finally {
    failures.onApplicationShutdown();
  }
}

describe('the signature of a report', () => {
  it('is valid as GitHub makes it', async () => {
    expect(await outcomeOf(IDENTIFIER, SIGNATURE, BODY)).toBe('valid');
  });

  it.each([
    ['another body', IDENTIFIER, SIGNATURE, `${BODY}\n`],
    ['no body', IDENTIFIER, SIGNATURE, ''],
    ['another identifier', `${IDENTIFIER}0`, SIGNATURE, BODY],
    ['no identifier', undefined, SIGNATURE, BODY],
    ['no signature', IDENTIFIER, undefined, BODY],
    ['an empty one', IDENTIFIER, '', BODY],
    ['one cut off', IDENTIFIER, SIGNATURE.slice(0, 60), BODY],
    ['one altered', IDENTIFIER, SIGNATURE.replace('FLZ', 'FLa'), BODY],
    ['no base64', IDENTIFIER, '?'.repeat(96), BODY],
    ['no DER', IDENTIFIER, Buffer.alloc(70).toString('base64'), BODY],
    ['one much too long', IDENTIFIER, 'A'.repeat(5_000), BODY],
  ])('is invalid with %s', async (_, identifier, signature, body) => {
    expect(await outcomeOf(identifier, signature, body)).toBe('SIGNATURE_INVALID');
  });

  it('is not looked at where no keys are configured', async () => {
    const keys = new Map<string, typeof KEY>();
    expect(await outcomeOf(IDENTIFIER, SIGNATURE, BODY, keys)).toBe('SIGNATURE_INVALID');
    const failures = new FailedAttempts();
    const closed = new LeakSignatures({ leakKeys: undefined }, failures);
    await expect(
      closed.assertValid({ request: { headers: {} } } as unknown as RequestContext),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    failures.onApplicationShutdown();
  });
});
