import { verify } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { AppError, NotFound } from '../../platform/errors/index.js';
import { FailedAttempts, type RequestContext, TooManyFailedAttempts } from '../../platform/http/index.js';

/** Longer than any signature on P-256, in base64. */
const SIGNATURE_FORM = /^[A-Za-z0-9+/]{1,150}={0,2}$/;

/** Believes a report of exposed tokens where a configured key has signed its bytes: ECDSA on P-256 over SHA-256. */
@Injectable()
export class LeakSignatures {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'leakKeys'>,
    private readonly failures: FailedAttempts,
  ) {}

  /**
   * Checks the request's bytes against `Github-Public-Key-Identifier` and `Github-Public-Key-Signature`. Like a
   * valid token, a valid signature is let through whatever else came from its address.
   * @throws NotFound where no keys are configured; SIGNATURE_INVALID; TooManyFailedAttempts
   */
  async assertValid({ request, rawBody, ip }: RequestContext): Promise<void> {
    if (!this.config.leakKeys) throw new NotFound('no keys for reports are configured');
    const fault = this.fault(
      request.headers['github-public-key-identifier'],
      request.headers['github-public-key-signature'],
      rawBody ?? Buffer.alloc(0),
    );
    if (fault === undefined) return;
    const blocked = this.failures.blockedSeconds('signature', ip);
    if (blocked > 0) throw new TooManyFailedAttempts(blocked);
    await this.failures.record('signature', ip);
    throw new SignatureInvalid(fault);
  }

  /** What is wrong, for the log; undefined where nothing is. */
  private fault(identifier: unknown, signature: unknown, bytes: Buffer): string | undefined {
    if (typeof identifier !== 'string' || typeof signature !== 'string') return 'not signed';
    const key = this.config.leakKeys?.get(identifier);
    if (!key) return 'signed with an unknown key';
    if (!SIGNATURE_FORM.test(signature)) return 'the signature is no base64';
    const valid = verify('sha256', bytes, { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));
    return valid ? undefined : 'the signature is not of these bytes';
  }
}

/** 401: one answer for every cause. */
export class SignatureInvalid extends AppError {
  constructor(reason: string) {
    super('SIGNATURE_INVALID', 'The request is not signed by a key that is known here.', {
      reason,
      headers: { 'WWW-Authenticate': 'Bearer realm="gatehouse"' },
    });
  }
}
