import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InvalidConfig, loadConfig } from './config.js';

const SECRET = 'a master secret for tests, long enough';
const URL_OF_DATABASE = 'postgresql://user:word@localhost/gatehouse';

/** What is wrong with an environment, line by line. */
function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
  return [];
}

const PORT = 'must be a port number from 0 to 65535';
const BYTES = 'must be a number of bytes from 1024 to 1073741824';
const POOL = 'must be a number from 2 to 200';
const PROXY = 'must be a number of proxies or a list of networks, e.g. 1 or 10.0.0.0/8';
const POSTGRES = 'must start with postgres:// or postgresql://';
const SHORT = 'must have at least 32 characters';

describe('the settings', () => {
  it('have a default each: the embedded database with the demonstration, on this machine alone', () => {
    expect(loadConfig({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      databaseMigrationUrl: undefined,
      databasePool: 10,
      dataDir: resolve('.gatehouse'),
      secret: undefined,
      secretPrevious: undefined,
      adminEmail: 'admin@gatehouse.example',
      adminPassword: undefined,
      demo: true,
      tokenBrand: 'gate',
      publicUrl: undefined,
      trustProxy: undefined,
      reportMailsPerDay: 500,
      webhookAllowPrivate: false,
      leakAction: 'revoke',
      eventChecks: 'log',
      checkpoints: { seconds: 5, file: undefined, url: undefined, s3: undefined },
      auditExportDir: resolve('.gatehouse/exports'),
      auditExportKeepDays: 7,
      auditRetentionDays: 400,
      media: { maxBytes: 26_214_400, directory: resolve('.gatehouse/media'), s3: undefined },
      ai: undefined,
      logLevel: 'info',
    });
  });

  it('are read from the environment', () => {
    expect(
      loadConfig({
        PORT: '0',
        HOST: '0.0.0.0',
        DATABASE_URL: URL_OF_DATABASE,
        DATABASE_MIGRATION_URL: `${URL_OF_DATABASE}?owner`,
        DATABASE_POOL: '25',
        GATEHOUSE_DATA_DIR: '/var/lib/gatehouse',
        GATEHOUSE_SECRET: SECRET,
        GATEHOUSE_SECRET_PREVIOUS: `${SECRET}, before`,
        GATEHOUSE_ADMIN_EMAIL: 'Ada@Example.org',
        GATEHOUSE_ADMIN_PASSWORD: 'correct horse battery',
        GATEHOUSE_DEMO: 'true',
        GATEHOUSE_TOKEN_BRAND: 'acme42',
        PUBLIC_URL: 'https://keys.example.org/',
        TRUST_PROXY: '10.0.0.0/8, ::1',
        GATEHOUSE_LEAK_ACTION: 'report',
        EVENT_CHECKS: 'throw',
        AUDIT_EXPORT_DIR: '/var/lib/exports',
        AUDIT_EXPORT_KEEP_DAYS: '3',
        AUDIT_RETENTION_DAYS: '30',
        MEDIA_MAX_BYTES: '1048576',
        STORAGE_S3_ENDPOINT: 'http://objects.internal:9000/',
        STORAGE_S3_BUCKET: 'files',
        STORAGE_S3_REGION: 'eu-central-1',
        STORAGE_S3_ACCESS_KEY_ID: 'access',
        STORAGE_S3_SECRET_ACCESS_KEY: 'word',
        AI_BASE_URL: 'http://models.internal:8080/v1/',
        AI_API_KEY: 'word',
        AI_MODEL: 'writer',
        AI_TIMEOUT_SECONDS: '5',
        AI_PRICE_INPUT: '0.15',
        REPORT_MAILS_PER_DAY: '20',
        LOG_LEVEL: 'warn',
      }),
    ).toEqual({
      port: 0,
      host: '0.0.0.0',
      databaseUrl: URL_OF_DATABASE,
      databaseMigrationUrl: `${URL_OF_DATABASE}?owner`,
      databasePool: 25,
      dataDir: '/var/lib/gatehouse',
      secret: SECRET,
      secretPrevious: `${SECRET}, before`,
      adminEmail: 'ada@example.org',
      adminPassword: 'correct horse battery',
      demo: true,
      tokenBrand: 'acme42',
      publicUrl: 'https://keys.example.org',
      trustProxy: ['10.0.0.0/8', '::1'],
      reportMailsPerDay: 20,
      webhookAllowPrivate: false,
      leakAction: 'report',
      eventChecks: 'throw',
      checkpoints: { seconds: 5, file: undefined, url: undefined, s3: undefined },
      auditExportDir: '/var/lib/exports',
      auditExportKeepDays: 3,
      auditRetentionDays: 30,
      media: {
        maxBytes: 1_048_576,
        directory: '/var/lib/gatehouse/media',
        s3: {
          endpoint: 'http://objects.internal:9000',
          bucket: 'files',
          region: 'eu-central-1',
          prefix: 'media/',
          accessKeyId: 'access',
          secretAccessKey: 'word',
        },
      },
      ai: {
        baseUrl: 'http://models.internal:8080/v1',
        apiKey: 'word',
        model: 'writer',
        imageModel: undefined,
        timeoutMs: 5_000,
        prices: { input: 0.15, output: undefined, image: undefined },
      },
      logLevel: 'warn',
    });
  });

  it('with an external database: no demonstration, and its owner is the same unless named', () => {
    const config = loadConfig({ DATABASE_URL: URL_OF_DATABASE, GATEHOUSE_SECRET: SECRET });
    expect(config).toMatchObject({ demo: false, databaseMigrationUrl: URL_OF_DATABASE });
    expect(loadConfig({ GATEHOUSE_DEMO: 'false' }).demo).toBe(false);
  });

  it('take blank for absent', () => {
    const names = [
      ...['PORT', 'HOST', 'DATABASE_URL', 'DATABASE_MIGRATION_URL', 'DATABASE_POOL', 'GATEHOUSE_DATA_DIR'],
      ...[
        'GATEHOUSE_SECRET',
        'GATEHOUSE_SECRET_PREVIOUS',
        'GATEHOUSE_ADMIN_EMAIL',
        'GATEHOUSE_ADMIN_PASSWORD',
      ],
      ...['GATEHOUSE_DEMO', 'GATEHOUSE_TOKEN_BRAND', 'PUBLIC_URL', 'TRUST_PROXY', 'LOG_LEVEL'],
      ...['GATEHOUSE_LEAK_KEYS', 'GATEHOUSE_LEAK_ACTION', 'AUDIT_RETENTION_DAYS', 'EVENT_CHECKS'],
      ...['MEDIA_MAX_BYTES', 'STORAGE_S3_ENDPOINT', 'STORAGE_S3_BUCKET', 'STORAGE_S3_REGION'],
    ];
    expect(loadConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(loadConfig({}));
  });

  it('trust a number of proxies or networks', () => {
    expect(loadConfig({ TRUST_PROXY: '0' }).trustProxy).toBe(0);
    expect(loadConfig({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(loadConfig({ TRUST_PROXY: '127.0.0.1' }).trustProxy).toEqual(['127.0.0.1']);
  });
});

describe('a bad setting', () => {
  it.each([
    ['PORT', '65536', PORT],
    ['PORT', '-1', PORT],
    ['PORT', 'http', PORT],
    ['PORT', '3000.5', PORT],
    ['DATABASE_POOL', '1', POOL],
    ['DATABASE_POOL', '201', POOL],
    ['DATABASE_POOL', 'many', POOL],
    ['MEDIA_MAX_BYTES', '1023', BYTES],
    ['MEDIA_MAX_BYTES', '25MB', BYTES],
    ['GATEHOUSE_SECRET', 'too short', SHORT],
    ['GATEHOUSE_SECRET_PREVIOUS', 'too short', SHORT],
    ['GATEHOUSE_ADMIN_EMAIL', 'ada', 'must be an e-mail address'],
    ['GATEHOUSE_ADMIN_PASSWORD', 'elevenchars', 'must have at least 12 characters'],
    ['GATEHOUSE_ADMIN_PASSWORD', 'ü'.repeat(37), 'must have at most 72 bytes'],
    ['GATEHOUSE_DEMO', 'yes', 'must be "true" or "false"'],
    ['GATEHOUSE_LEAK_KEYS', '/nowhere/keys.json', 'names a file that cannot be read (ENOENT)'],
    ['GATEHOUSE_LEAK_ACTION', 'delete', 'must be "revoke" or "report"'],
    ['EVENT_CHECKS', 'maybe', 'must be "throw" or "log"'],
    ['AUDIT_RETENTION_DAYS', '29', 'must be a number of days from 30 to 36500'],
    ['GATEHOUSE_TOKEN_BRAND', 'Gate', 'must be 2 to 12 lower-case letters and digits'],
    ['GATEHOUSE_TOKEN_BRAND', 'gate_house', 'must be 2 to 12 lower-case letters and digits'],
    ['PUBLIC_URL', 'ftp://example.org', 'must be an http or https address'],
    ['TRUST_PROXY', 'true', PROXY],
    ['TRUST_PROXY', 'yes', PROXY],
    ['TRUST_PROXY', '10.0.0.0/8,', PROXY],
    ['TRUST_PROXY', 'loopback', PROXY],
    ['AI_PRICE_IMAGE', 'free', 'must be an amount in US dollars, e.g. 0.15'],
    ['LOG_LEVEL', 'loud', 'must be one of fatal, error, warn, info, debug, trace, silent'],
  ])('is one line: %s=%s', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name} ${problem}`]);
  });

  it.each(['DATABASE_URL', 'DATABASE_MIGRATION_URL'])(
    'is one line: %s of another kind of database',
    (name) => {
      const sound = { DATABASE_URL: URL_OF_DATABASE, GATEHOUSE_SECRET: SECRET };
      expect(problemsOf({ ...sound, [name]: 'mysql://root@localhost' })).toEqual([`${name} ${POSTGRES}`]);
    },
  );

  it('is one line each, and none of them repeats what was given', () => {
    const given = {
      PORT: 'this-is-no-port',
      DATABASE_URL: 'mysql://root:this-is-a-password@localhost',
      GATEHOUSE_SECRET: 'this-is-short',
      GATEHOUSE_ADMIN_PASSWORD: 'this-is',
      TRUST_PROXY: 'this-is-no-proxy',
    };
    const problems = problemsOf(given);
    expect(problems.map((line) => line.split(' ')[0])).toEqual(Object.keys(given));
    expect(new InvalidConfig(problems).message.split('\n')).toEqual([
      'The configuration is not usable:',
      ...problems.map((line) => `  ${line}`),
    ]);
    for (const value of Object.values(given)) expect(problems.join('\n')).not.toContain(value);
    expect(problems.join('\n')).not.toContain('this-is');
  });

  it('is an object store for files with some of its settings', () => {
    const needed = 'is required with the other settings of STORAGE_S3: all of them, or none';
    expect(problemsOf({ STORAGE_S3_BUCKET: 'files', STORAGE_S3_REGION: 'eu-central-1' })).toEqual([
      `STORAGE_S3_ENDPOINT ${needed}`,
      `STORAGE_S3_ACCESS_KEY_ID ${needed}`,
      `STORAGE_S3_SECRET_ACCESS_KEY ${needed}`,
    ]);
  });

  it('is an endpoint without a model, or a model without an endpoint', () => {
    expect(problemsOf({ AI_BASE_URL: 'https://models.example.com/v1' })).toEqual([
      'AI_MODEL is required with AI_BASE_URL, or AI_IMAGE_MODEL',
    ]);
    expect(problemsOf({ AI_MODEL: 'writer', AI_API_KEY: 'word' })).toEqual([
      'AI_API_KEY needs AI_BASE_URL beside it',
      'AI_MODEL needs AI_BASE_URL beside it',
    ]);
  });

  it('is an external database without the secret that every process must share', () => {
    expect(problemsOf({ DATABASE_URL: URL_OF_DATABASE })).toEqual([
      'GATEHOUSE_SECRET is required with DATABASE_URL: every process must know the same one',
    ]);
  });

  it('is an owner’s address without a database', () => {
    expect(problemsOf({ DATABASE_MIGRATION_URL: URL_OF_DATABASE })).toEqual([
      'DATABASE_MIGRATION_URL needs DATABASE_URL beside it',
    ]);
  });
});
