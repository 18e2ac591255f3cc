import { resolve } from 'node:path';
import { z } from 'zod';
import { type PublicKeys, PublicKeysUnusable, readPublicKeys } from './public-keys.js';

const blankAsAbsent = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsAbsent, schema.optional());
const withDefault = <T extends z.ZodType>(schema: T, value: string) =>
  z.preprocess((given) => blankAsAbsent(given) ?? value, schema);

const flag = z
  .enum(['true', 'false'], { error: 'must be "true" or "false"' })
  .transform((text) => text === 'true');

/** @param what it must be, e.g. `a number of days` */
function wholeNumber(what: string, min: number, max: number) {
  const reason = `must be ${what} from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, reason)
    .transform(Number)
    .refine((n) => n >= min && n <= max, reason);
}

const port = wholeNumber('a port number', 0, 65_535);

/** What something costs. */
const dollars = z
  .string()
  .regex(/^\d{1,5}(\.\d{1,6})?$/, 'must be an amount in US dollars, e.g. 0.15')
  .transform(Number);

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://');

/** A number of proxies, or the networks they stand in. "true" would let any caller choose its own address. */
const trustProxy = z
  .string()
  .refine(
    (text) =>
      /^\d{1,2}$/.test(text) ||
      text.split(',').every((part) => /^[0-9a-fA-F:.]+(\/\d{1,3})?$/.test(part.trim())),
    'must be a number of proxies or a list of networks, e.g. 1 or 10.0.0.0/8',
  )
  .transform((text) => (/^\d{1,2}$/.test(text) ? Number(text) : text.split(',').map((part) => part.trim())));

/** Where checkpoints are posted to: nobody on the way may keep them back unseen, so https, but for this machine. */
const webhookUrl = z
  .url('must be an https address')
  .refine(
    (text) => /^https:\/\//.test(text) || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(text),
    'must be an https address, or http on this machine',
  );

/** The keys of a file, read at once: a bad one stops the start. */
const publicKeys = z.string().transform((path, context): PublicKeys => {
  try {
    return readPublicKeys(resolve(path));
  } catch (error) {
    if (!(error instanceof PublicKeysUnusable)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket');
const regionName = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be the name of a region');

/** Where files of stores are kept: all of these, or none. */
const STORAGE_S3 = [
  'STORAGE_S3_ENDPOINT',
  'STORAGE_S3_BUCKET',
  'STORAGE_S3_REGION',
  'STORAGE_S3_ACCESS_KEY_ID',
  'STORAGE_S3_SECRET_ACCESS_KEY',
] as const;

/** What the environment may say: each setting as text, what it must look like, and what it is by default. */
export const environment = z
  .object({
    PORT: withDefault(port, '3000'),
    HOST: withDefault(z.string(), '127.0.0.1'),
    DATABASE_URL: optional(postgresUrl),
    DATABASE_MIGRATION_URL: optional(postgresUrl),
    DATABASE_POOL: withDefault(wholeNumber('a number', 2, 200), '10'),
    GATEHOUSE_DATA_DIR: withDefault(z.string(), '.gatehouse'),
    GATEHOUSE_SECRET: optional(z.string().min(32, 'must have at least 32 characters')),
    GATEHOUSE_SECRET_PREVIOUS: optional(z.string().min(32, 'must have at least 32 characters')),
    GATEHOUSE_ADMIN_EMAIL: withDefault(z.email('must be an e-mail address'), 'admin@gatehouse.example'),
    GATEHOUSE_ADMIN_PASSWORD: optional(
      z
        .string()
        .min(12, 'must have at least 12 characters')
        .refine((text) => Buffer.byteLength(text) <= 72, 'must have at most 72 bytes'),
    ),
    GATEHOUSE_DEMO: optional(flag),
    GATEHOUSE_TOKEN_BRAND: withDefault(
      z.string().regex(/^[a-z][a-z0-9]{1,11}$/, 'must be 2 to 12 lower-case letters and digits'),
      'gate',
    ),
    PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
    TRUST_PROXY: optional(trustProxy),
    SMTP_URL: optional(z.string().regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')),
    MAIL_FROM: optional(z.email('must be an e-mail address')),
    REPORT_MAILS_PER_DAY: withDefault(wholeNumber('a number of mails', 0, 1_000_000), '500'),
    WEBHOOK_ALLOW_PRIVATE: withDefault(flag, 'false'),
    GATEHOUSE_LEAK_KEYS: optional(publicKeys),
    GATEHOUSE_LEAK_ACTION: withDefault(
      z.enum(['revoke', 'report'], { error: 'must be "revoke" or "report"' }),
      'revoke',
    ),
    EVENT_CHECKS: withDefault(z.enum(['throw', 'log'], { error: 'must be "throw" or "log"' }), 'log'),
    AUDIT_CHECKPOINT_SECONDS: withDefault(wholeNumber('a number of seconds', 0, 3_600), '5'),
    AUDIT_CHECKPOINT_FILE: optional(z.string()),
    AUDIT_CHECKPOINT_URL: optional(webhookUrl),
    AUDIT_CHECKPOINT_S3_BUCKET: optional(bucketName),
    AUDIT_CHECKPOINT_S3_REGION: withDefault(regionName, 'us-east-1'),
    AUDIT_CHECKPOINT_S3_ENDPOINT: optional(webhookUrl),
    AUDIT_CHECKPOINT_S3_PREFIX: withDefault(
      z.string().regex(/^([\w.-]+\/)*[\w.-]*$/, 'must be letters, digits, dots, dashes and slashes'),
      'checkpoints/',
    ),
    AUDIT_CHECKPOINT_S3_ACCESS_KEY_ID: optional(z.string()),
    AUDIT_CHECKPOINT_S3_SECRET_ACCESS_KEY: optional(z.string()),
    AUDIT_EXPORT_DIR: optional(z.string()),
    AUDIT_EXPORT_KEEP_DAYS: withDefault(wholeNumber('a number of days', 1, 400), '7'),
    AUDIT_RETENTION_DAYS: withDefault(wholeNumber('a number of days', 30, 36_500), '400'),
    MEDIA_MAX_BYTES: withDefault(wholeNumber('a number of bytes', 1_024, 1_073_741_824), '26214400'),
    STORAGE_S3_ENDPOINT: optional(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
    STORAGE_S3_BUCKET: optional(bucketName),
    STORAGE_S3_REGION: optional(regionName),
    STORAGE_S3_ACCESS_KEY_ID: optional(z.string()),
    STORAGE_S3_SECRET_ACCESS_KEY: optional(z.string()),
    AI_BASE_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
    AI_API_KEY: optional(z.string()),
    AI_MODEL: optional(z.string()),
    AI_IMAGE_MODEL: optional(z.string()),
    AI_TIMEOUT_SECONDS: withDefault(wholeNumber('a number of seconds', 1, 600), '60'),
    AI_PRICE_INPUT: optional(dollars),
    AI_PRICE_OUTPUT: optional(dollars),
    AI_PRICE_IMAGE: optional(dollars),
    LOG_LEVEL: withDefault(
      z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be one of fatal, error, warn, info, debug, trace, silent',
      }),
      'info',
    ),
  })
  .superRefine((env, context) => {
    if (env.DATABASE_URL !== undefined && env.GATEHOUSE_SECRET === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['GATEHOUSE_SECRET'],
        message: 'is required with DATABASE_URL: every process must know the same one',
      });
    }
    if (env.DATABASE_MIGRATION_URL !== undefined && env.DATABASE_URL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['DATABASE_MIGRATION_URL'],
        message: 'needs DATABASE_URL beside it',
      });
    }
    if (env.AUDIT_CHECKPOINT_S3_BUCKET !== undefined) {
      for (const needed of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'] as const) {
        if (env[`AUDIT_CHECKPOINT_S3_${needed}`] !== undefined) continue;
        context.addIssue({
          code: 'custom',
          path: [`AUDIT_CHECKPOINT_S3_${needed}`],
          message: 'is required with AUDIT_CHECKPOINT_S3_BUCKET',
        });
      }
    }
    if (STORAGE_S3.some((name) => env[name] !== undefined)) {
      for (const needed of STORAGE_S3) {
        if (env[needed] !== undefined) continue;
        const message = 'is required with the other settings of STORAGE_S3: all of them, or none';
        context.addIssue({ code: 'custom', path: [needed], message });
      }
    }
    if (env.AI_BASE_URL !== undefined && (env.AI_MODEL ?? env.AI_IMAGE_MODEL) === undefined) {
      const message = 'is required with AI_BASE_URL, or AI_IMAGE_MODEL';
      context.addIssue({ code: 'custom', path: ['AI_MODEL'], message });
    }
    for (const needing of ['AI_API_KEY', 'AI_MODEL', 'AI_IMAGE_MODEL'] as const) {
      if (env[needing] === undefined || env.AI_BASE_URL !== undefined) continue;
      context.addIssue({ code: 'custom', path: [needing], message: 'needs AI_BASE_URL beside it' });
    }
    if (env.SMTP_URL !== undefined) {
      for (const needed of ['MAIL_FROM', 'PUBLIC_URL'] as const) {
        if (env[needed] !== undefined) continue;
        context.addIssue({ code: 'custom', path: [needed], message: 'is required with SMTP_URL' });
      }
    }
  });

export type Environment = z.infer<typeof environment>;
