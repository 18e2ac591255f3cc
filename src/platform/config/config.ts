import { join, resolve } from 'node:path';
import { type Environment, environment } from './environment.js';
import type { PublicKeys } from './public-keys.js';

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

/** An endpoint that writes and draws, spoken to as the OpenAI API is. */
export interface AiConfig {
  readonly baseUrl: string;
  /** Undefined: it wants none. */
  readonly apiKey: string | undefined;
  /** Writes; undefined: it is not asked for text. */
  readonly model: string | undefined;
  /** Draws; undefined: it is not asked for images. */
  readonly imageModel: string | undefined;
  readonly timeoutMs: number;
  /** In US dollars: of a million tokens that are read, of a million that are written, and of one image. */
  readonly prices: Readonly<Record<'input' | 'output' | 'image', number | undefined>>;
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
  /** Mails of reports that one organization's stores may have sent on one day. */
  readonly reportMailsPerDay: number;
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
  /** Undefined: what is built in writes and draws. */
  readonly ai: AiConfig | undefined;
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
export function loadConfig(variables: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(variables);
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
    reportMailsPerDay: env.REPORT_MAILS_PER_DAY,
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
    ai: aiEndpoint(env),
    logLevel: env.LOG_LEVEL,
  };
}

function objectStore(env: Environment): ObjectStoreConfig | undefined {
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

function mediaStore(env: Environment): ObjectStoreConfig | undefined {
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

function aiEndpoint(env: Environment): AiConfig | undefined {
  if (env.AI_BASE_URL === undefined) return undefined;
  return {
    baseUrl: env.AI_BASE_URL.replace(/\/+$/, ''),
    apiKey: env.AI_API_KEY,
    model: env.AI_MODEL,
    imageModel: env.AI_IMAGE_MODEL,
    timeoutMs: env.AI_TIMEOUT_SECONDS * 1_000,
    prices: { input: env.AI_PRICE_INPUT, output: env.AI_PRICE_OUTPUT, image: env.AI_PRICE_IMAGE },
  };
}
