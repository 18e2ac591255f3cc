import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type PublicKeys, PublicKeysUnusable, readPublicKeys } from './public-keys.js';

const blankAsAbsent = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsAbsent, schema.optional());
const withDefault = <T extends z.ZodType>(schema: T, value: string) =>
  z.preprocess((given) => blankAsAbsent(given) ?? value, schema);

const flag = z
  .enum(['true', 'false'], { error: 'must be "true" or "false"' })
  .transform((text) => text === 'true');

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
  .transform(Number)
  .refine((n) => n <= 65_535, 'must be a port number from 0 to 65535');

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

const schema = z
  .object({
    PORT: withDefault(port, '3000'),
    HOST: withDefault(z.string(), '127.0.0.1'),
    DATABASE_URL: optional(postgresUrl),
    DATABASE_MIGRATION_URL: optional(postgresUrl),
    DATABASE_POOL: withDefault(
      z
        .string()
        .regex(/^\d{1,3}$/, 'must be a number from 2 to 200')
        .transform(Number)
        .refine((n) => n >= 2 && n <= 200, 'must be a number from 2 to 200'),
      '10',
    ),
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
    WEBHOOK_ALLOW_PRIVATE: withDefault(flag, 'false'),
    GATEHOUSE_LEAK_KEYS: optional(publicKeys),
    GATEHOUSE_LEAK_ACTION: withDefault(
      z.enum(['revoke', 'report'], { error: 'must be "revoke" or "report"' }),
      'revoke',
    ),
    EVENT_CHECKS: withDefault(z.enum(['throw', 'log'], { error: 'must be "throw" or "log"' }), 'log'),
    AUDIT_CHECKPOINT_SECONDS: withDefault(
      z
        .string()
        .regex(/^\d{1,4}$/, 'must be a number of seconds from 0 to 3600')
        .transform(Number)
        .refine((n) => n <= 3_600, 'must be a number of seconds from 0 to 3600'),
      '5',
    ),
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
    AUDIT_EXPORT_KEEP_DAYS: withDefault(
      z
        .string()
        .regex(/^\d{1,3}$/, 'must be a number of days from 1 to 400')
        .transform(Number)
        .refine((n) => n >= 1 && n <= 400, 'must be a number of days from 1 to 400'),
      '7',
    ),
    AUDIT_RETENTION_DAYS: withDefault(
      z
        .string()
        .regex(/^\d{1,5}$/, 'must be a number of days from 30 to 36500')
        .transform(Number)
        .refine((n) => n >= 30 && n <= 36_500, 'must be a number of days from 30 to 36500'),
      '400',
    ),
    MEDIA_MAX_BYTES: withDefault(
      z
        .string()
        .regex(/^\d{1,10}$/, 'must be a number of bytes from 1024 to 1073741824')
        .transform(Number)
        .refine((n) => n >= 1_024 && n <= 1_073_741_824, 'must be a number of bytes from 1024 to 1073741824'),
      '26214400',
    ),
    STORAGE_S3_ENDPOINT: optional(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
    STORAGE_S3_BUCKET: optional(bucketName),
    STORAGE_S3_REGION: optional(regionName),
    STORAGE_S3_ACCESS_KEY_ID: optional(z.string()),
    STORAGE_S3_SECRET_ACCESS_KEY: optional(z.string()),
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
    if (env.SMTP_URL !== undefined) {
      for (const needed of ['MAIL_FROM', 'PUBLIC_URL'] as const) {
        if (env[needed] !== undefined) continue;
        context.addIssue({ code: 'custom', path: [needed], message: 'is required with SMTP_URL' });
      }
    }
  });

/** An S3-compatible store of objects. */
export interface ObjectStoreConfig {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** What names of objects begin with. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How often the log is sealed, and where its checkpoints go. */
export interface CheckpointConfig {
  /** Between two rounds; 0: this process never seals by itself. */
  readonly seconds: number;
  /** Undefined: in the data directory on the embedded database, else none. */
  readonly file: string | undefined;
  readonly url: string | undefined;
  readonly s3: ObjectStoreConfig | undefined;
}

/** Files that stores keep. */
export interface MediaConfig {
  /** The largest file that is taken, in bytes. */
  readonly maxBytes: number;
  /** Where files are received, and kept where there is no object store. */
  readonly directory: string;
  readonly s3: ObjectStoreConfig | undefined;
}

/** The settings of one process, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Undefined: the embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** The owner's connection, for migrations, partitions and the job worker; default `databaseUrl`. */
  readonly databaseMigrationUrl: string | undefined;
  /** Connections of the handlers' pool; the admission and log lanes have their own. */
  readonly databasePool: number;
  readonly dataDir: string;
  readonly secret: string | undefined;
  readonly secretPrevious: string | undefined;
  readonly adminEmail: string;
  readonly adminPassword: string | undefined;
  readonly demo: boolean;
  readonly tokenBrand: string;
  readonly publicUrl: string | undefined;
  readonly trustProxy: number | string[] | undefined;
  /** The mail server; undefined: links are handed out instead of mailed. */
  readonly smtpUrl: string | undefined;
  /** What mails come from; with `smtpUrl`. */
  readonly mailFrom: string | undefined;
  /** Whether webhooks may go to this machine and private networks, for development. */
  readonly webhookAllowPrivate: boolean;
  /** Whose reports of exposed tokens are believed; undefined: nobody's, and there is no such route. */
  readonly leakKeys: PublicKeys | undefined;
  /** What is done about the key of an exposed token. */
  readonly leakAction: 'revoke' | 'report';
  /** What becomes of an event whose data are not as its type is declared: for developers, it fails. */
  readonly eventChecks: 'throw' | 'log';
  readonly checkpoints: CheckpointConfig;
  /** Where exports of the logs are kept; all processes over one database share it. Default `exports` in `dataDir`. */
  readonly auditExportDir: string;
  /** How long a finished export is kept. */
  readonly auditExportKeepDays: number;
  /** How long the logs and the figures made from them are kept. */
  readonly auditRetentionDays: number;
  readonly media: MediaConfig;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** The environment breaks the contract; `problems` has one line for each fault. */
export class InvalidConfig extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'InvalidConfig';
  }
}

/**
 * Reads the settings of this process. The only place that looks at the environment.
 * @throws InvalidConfig with one line per problem; values are not repeated, they may be secrets.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    throw new InvalidConfig(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const env = parsed.data;
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    databaseMigrationUrl: env.DATABASE_MIGRATION_URL ?? env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    dataDir: resolve(env.GATEHOUSE_DATA_DIR),
    secret: env.GATEHOUSE_SECRET,
    secretPrevious: env.GATEHOUSE_SECRET_PREVIOUS,
    adminEmail: env.GATEHOUSE_ADMIN_EMAIL.toLowerCase(),
    adminPassword: env.GATEHOUSE_ADMIN_PASSWORD,
    demo: env.GATEHOUSE_DEMO ?? env.DATABASE_URL === undefined,
    tokenBrand: env.GATEHOUSE_TOKEN_BRAND,
    publicUrl: env.PUBLIC_URL?.replace(/\/$/, ''),
    trustProxy: env.TRUST_PROXY,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    webhookAllowPrivate: env.WEBHOOK_ALLOW_PRIVATE,
    leakKeys: env.GATEHOUSE_LEAK_KEYS,
    leakAction: env.GATEHOUSE_LEAK_ACTION,
    eventChecks: env.EVENT_CHECKS,
    checkpoints: {
      seconds: env.AUDIT_CHECKPOINT_SECONDS,
      file: env.AUDIT_CHECKPOINT_FILE === undefined ? undefined : resolve(env.AUDIT_CHECKPOINT_FILE),
      url: env.AUDIT_CHECKPOINT_URL,
      s3: objectStore(env),
    },
    auditExportDir: resolve(env.AUDIT_EXPORT_DIR ?? join(env.GATEHOUSE_DATA_DIR, 'exports')),
    auditExportKeepDays: env.AUDIT_EXPORT_KEEP_DAYS,
    auditRetentionDays: env.AUDIT_RETENTION_DAYS,
    media: {
      maxBytes: env.MEDIA_MAX_BYTES,
      directory: resolve(env.GATEHOUSE_DATA_DIR, 'media'),
      s3: mediaStore(env),
    },
    logLevel: env.LOG_LEVEL,
  };
}

function objectStore(env: z.infer<typeof schema>): ObjectStoreConfig | undefined {
  const bucket = env.AUDIT_CHECKPOINT_S3_BUCKET;
  if (bucket === undefined) return undefined;
  const region = env.AUDIT_CHECKPOINT_S3_REGION;
  const endpoint = env.AUDIT_CHECKPOINT_S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`;
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    bucket,
    region,
    prefix: env.AUDIT_CHECKPOINT_S3_PREFIX,
    accessKeyId: env.AUDIT_CHECKPOINT_S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AUDIT_CHECKPOINT_S3_SECRET_ACCESS_KEY ?? '',
  };
}

function mediaStore(env: z.infer<typeof schema>): ObjectStoreConfig | undefined {
  if (env.STORAGE_S3_ENDPOINT === undefined) return undefined;
  return {
    endpoint: env.STORAGE_S3_ENDPOINT.replace(/\/+$/, ''),
    bucket: env.STORAGE_S3_BUCKET ?? '',
    region: env.STORAGE_S3_REGION ?? '',
    prefix: 'media/',
    accessKeyId: env.STORAGE_S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.STORAGE_S3_SECRET_ACCESS_KEY ?? '',
  };
}
